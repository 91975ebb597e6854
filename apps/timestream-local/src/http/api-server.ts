import {
  Bodies,
  BodyError,
  checkRequest,
  createFrontDoor,
  frontDoorLimits,
  listen,
  type FrontDoorLimits,
  type TlsFiles,
} from '@highwater/service/front-door';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { DataFileError, OutOfSpaceError } from '../store/errors.ts';
import { ApiError } from './api-error.ts';
import { checkSignature, type AccessKey } from './check-signature.ts';
import { JsonText, type Operations } from './operation.ts';
import { parseJson } from './parse-json.ts';

/** One answered request, for logs and metrics. */
export interface Answered {
  /** Of the API, or `unknown`. */
  readonly operation: string;
  /** 499 when the client broke off, so that nobody was answered. */
  readonly status: number;
  readonly durationMs: number;
  /** What the answer tells, with what lies behind it. */
  readonly error?: unknown;
}

export interface ApiServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Serves TLS too, on the same port. */
  readonly tls?: TlsFiles | undefined;
  /** Names by which it is asked besides those that no web site can have, in lower case. */
  readonly hostNames: readonly string[];
  readonly limits?: Partial<FrontDoorLimits> | undefined;
  readonly operations: Operations;
  readonly bodyBytesMax: number;
  /** Absent: unsigned requests, and any signature, are taken. */
  readonly accessKey?: AccessKey | undefined;
  readonly monotonicMs: () => number;
  readonly onAnswered: (answered: Answered) => void;
}

export interface ApiServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

const targetPrefix = 'Timestream_20181101.';

/**
 * Serves the AWS JSON 1.0 protocol: `POST /` with the operation in `X-Amz-Target`.
 *
 * Node's own server, without a framework: there is one path, every answer's exact bytes matter, and
 * this is the hot path of every write.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function serveApi(options: ApiServerOptions): Promise<ApiServer> {
  const { host, port, tls, bodyBytesMax } = options;
  const limits = { ...frontDoorLimits, ...options.limits };
  const bodiesBytesMax = Math.max(limits.bodiesBytesMax, bodyBytesMax);
  const bodies = new Bodies({ ...limits, bodiesBytesMax });
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, { ...options, bodies });
  };
  const listener = await listen(createFrontDoor({ serve, tls, bodyBytesMax, limits }), {
    host,
    port,
    portVariable: 'HW_TIMESTREAM_LOCAL_PORT',
    atEnd: 'answer',
  });
  return {
    host,
    port: listener.port,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ApiServerOptions & { readonly bodies: Bodies },
): Promise<void> {
  const startMs = options.monotonicMs();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const target = operationName(request);
  const known = Object.hasOwn(options.operations, target) ? target : 'unknown';
  let status = 200;
  let failure: unknown;
  try {
    checkDoor(request, options.hostNames);
    const body = await options.bodies.read(request, response, options.bodyBytesMax);
    const text = body.toString('utf8');
    if (options.accessKey) checkAccess(request, text, options.accessKey);
    const output = await run(target, text, request, gone.signal, options);
    send(response, 200, output);
  } catch (error) {
    const apiError = asApiError(error);
    failure = error;
    // Whatever comes of a request whose client is gone, it is no failure of ours.
    status = gone.signal.aborted ? 499 : apiError.status;
    const { type, message, members } = apiError;
    send(response, apiError.status, { __type: type, message, ...members });
  }
  const durationMs = options.monotonicMs() - startMs;
  options.onAnswered({ operation: known, status, durationMs, error: failure });
}

function checkDoor(request: IncomingMessage, names: readonly string[]): void {
  const setting = 'HW_TIMESTREAM_LOCAL_HOST_NAMES';
  const refusal = checkRequest(request, { names, setting, pages: 'none' });
  if (refusal === undefined) return;
  const name = refusal.status === 421 ? 'MisdirectedRequestException' : 'AccessDeniedException';
  throw new ApiError(name, refusal.message, { namespace: 'protocol' });
}

function checkAccess(request: IncomingMessage, body: string, key: AccessKey): void {
  const { method = 'POST', url = '/', headers } = request;
  checkSignature({ method, url, headers, body }, key);
}

function operationName(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' && target.startsWith(targetPrefix)
    ? target.slice(targetPrefix.length)
    : '';
}

async function run(
  name: string,
  text: string,
  { headers, socket }: IncomingMessage,
  signal: AbortSignal,
  { operations }: ApiServerOptions,
): Promise<object> {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) {
    throw new ApiError('UnknownOperationException', '', { namespace: 'protocol' });
  }
  const input = parseInput(text);
  return operation(input, {
    userAgent: headers['user-agent'] ?? '',
    hostHeader: headers.host ?? '127.0.0.1',
    isSecure: socket instanceof TLSSocket,
    signal,
  });
}

function parseInput(text: string): Readonly<Record<string, unknown>> {
  let input: unknown;
  try {
    input = text === '' ? {} : parseJson(text);
  } catch (cause) {
    throw new ApiError('SerializationException', '', { namespace: 'protocol', cause });
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
    return input as Readonly<Record<string, unknown>>;
  }
  throw new ApiError('SerializationException', 'Start of structure or map expected.', {
    namespace: 'protocol',
  });
}

/** Those that SDKs send again by themselves are the timeout and what is unavailable. */
const bodyErrors = {
  too_large: 'RequestEntityTooLargeException',
  too_slow: 'RequestTimeoutException',
  no_room: 'ServiceUnavailableException',
  // For the log alone: nobody is left to be answered.
  broken_off: 'RequestTimeoutException',
} as const;

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof BodyError) {
    const name = bodyErrors[error.problem];
    return new ApiError(name, error.message, { namespace: 'protocol', cause: error });
  }
  return new ApiError('InternalServerException', failureMessage(error), { cause: error });
}

/** An SDK sends the request again after an InternalServerException; what was stored meanwhile is not stored twice. */
function failureMessage(error: unknown): string {
  if (error instanceof OutOfSpaceError) {
    return 'No space left on the device of the server: send the request again once there is some.';
  }
  if (error instanceof DataFileError) return 'The data file of the server is damaged: see its log.';
  return 'The server failed to process the request.';
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(body instanceof JsonText ? body.text : JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': bytes.length,
    'x-amzn-requestid': randomUUID(),
  });
  response.end(bytes);
}
