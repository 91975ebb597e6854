import {
  CallRefusal,
  closeSignal,
  type Answered,
  type Api,
  type BodyFormat,
  type Call,
  type CallProblem,
  type Failure,
} from '@highwater/aws-json';
import {
  checkSignature,
  type AccessKey,
  type SignatureProblem,
} from '@highwater/aws-json/signature';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { DataFileError, OutOfSpaceError } from '../store/errors.ts';
import { ApiError, type ApiErrorName } from './api-error.ts';
import { JsonText, type JsonObject, type Operation, type Operations } from './operation.ts';
import { parseJson } from './parse-json.ts';

export interface TimestreamApiOptions {
  /** Names of the server in lower case, in addition to the names that no website can have. */
  readonly hostNames: readonly string[];
  readonly operations: Operations;
  readonly bodyBytesMax: number;
  /** Undefined: unsigned requests, and any signature, are accepted. */
  readonly accessKey?: AccessKey | undefined;
  readonly monotonicMs: () => number;
  /** The error is an `ApiError`, or the cause of the one that was answered. */
  readonly onAnswered: (answered: Answered) => void;
}

/** The body is read in this format, whatever content type the request names. */
const jsonFormat: BodyFormat = {
  contentType: 'application/x-amz-json-1.0',
  decode: (body) => parseJson(body.toString('utf8')),
  encode: (value) => (value instanceof JsonText ? value.text : JSON.stringify(value)),
};

/** The Write and the Query API, which share their targets. */
export function timestreamApi(options: TimestreamApiOptions): Api<BodyFormat, Operation> {
  const { hostNames, bodyBytesMax, accessKey, monotonicMs, onAnswered } = options;
  return {
    targetPrefix: 'Timestream_20181101.',
    operations: new Map(Object.entries(options.operations)),
    formatOf: () => jsonFormat,
    refusalFormat: jsonFormat,
    bodyBytesMax,
    hostNames,
    hostNamesSetting: 'HW_TIMESTREAM_LOCAL_HOST_NAMES',
    monotonicMs,
    authorize:
      accessKey === undefined ? undefined : (request, body) => authorize(request, body, accessKey),
    run,
    explain,
    onAnswered,
  };
}

const signatureRefusals: Readonly<Record<SignatureProblem, readonly [ApiErrorName, string]>> = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  unknown_key: [
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ],
  wrong: [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
  ],
};

/** @throws {ApiError} with the exceptions that AWS answers */
async function authorize(request: IncomingMessage, body: Buffer, key: AccessKey): Promise<void> {
  const { method = 'POST', url = '/', headers } = request;
  const problem = await checkSignature({ method, url, headers, body }, key);
  if (problem === undefined) return;
  const [name, message] = signatureRefusals[problem];
  throw new ApiError(name, message, { namespace: 'protocol' });
}

async function run(operation: Operation, call: Call<BodyFormat>): Promise<object> {
  const { input, request, response } = call;
  const { headers, socket } = request;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const message = 'Start of structure or map expected.';
    throw new ApiError('SerializationException', message, { namespace: 'protocol' });
  }
  return operation(input as JsonObject, {
    userAgent: headers['user-agent'] ?? '',
    hostHeader: headers.host ?? '127.0.0.1',
    isSecure: socket instanceof TLSSocket,
    signal: closeSignal(response),
  });
}

function explain(error: unknown): Failure {
  const { status, type, message, members } = asApiError(error);
  return { status, type, message, members };
}

/** SDKs retry timeouts and unavailable services. */
const refusals: Readonly<Record<CallProblem, ApiErrorName>> = {
  foreign_host: 'MisdirectedRequestException',
  from_a_page: 'AccessDeniedException',
  too_large: 'RequestEntityTooLargeException',
  too_slow: 'RequestTimeoutException',
  no_room: 'ServiceUnavailableException',
  // Only for the log, because nobody is left to receive it.
  broken_off: 'RequestTimeoutException',
  unknown_operation: 'UnknownOperationException',
  unreadable: 'SerializationException',
};

/** For these, the real service returns only the name. */
const wordless: readonly CallProblem[] = ['unknown_operation', 'unreadable'];

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof CallRefusal) {
    const message = wordless.includes(error.problem) ? '' : error.message;
    const options = { namespace: 'protocol', cause: error } as const;
    return new ApiError(refusals[error.problem], message, options);
  }
  return new ApiError('InternalServerException', failureMessage(error), { cause: error });
}

/**
 * An SDK sends the request again after an InternalServerException. Records stored in the meantime
 * are not stored twice.
 */
function failureMessage(error: unknown): string {
  if (error instanceof OutOfSpaceError) {
    return 'No space left on the device of the server: send the request again once there is some.';
  }
  if (error instanceof DataFileError) return 'The data file of the server is damaged: see its log.';
  return 'The server failed to process the request.';
}
