import { cutText } from '@highwater/model';
import { BodyError, checkRequest, type Bodies } from '@highwater/service/front-door';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answered, Api } from './api.ts';
import { CallRefusal } from './call-refusal.ts';
import type { Http2ServerResponse } from 'node:http2';
import { TLSSocket } from 'node:tls';
import { randomUUID } from 'node:crypto';
import type { BodyFormat } from './body-format.ts';

/** Answers one request, unless only a web page would send it. */
export async function serveCall<Format extends BodyFormat, Operation>(
  request: IncomingMessage,
  response: ServerResponse,
  api: Api<Format, Operation>,
  bodies: Bodies,
): Promise<void> {
  const stranger = refuseStranger(request, api);
  const other = stranger === undefined ? api.serveOther?.(request, response, bodies) : undefined;
  if (other !== undefined) return other;
  const startMs = api.monotonicMs();
  const target = String(request.headers['x-amz-target'] ?? '');
  const isOurs = target.startsWith(api.targetPrefix);
  const name = isOurs ? target.slice(api.targetPrefix.length) : '';
  const operation = api.operations.has(name) ? name : 'unknown';
  const format = formatOf(request, api);
  let bodyMs = 0;
  const serve = async (): Promise<Partial<Answered>> => {
    if (stranger !== undefined) throw stranger;
    const body = await readBody(request, response, api, bodies);
    bodyMs = api.monotonicMs() - startMs;
    await api.authorize?.(request, body);
    const found = api.operations.get(name);
    if (found === undefined || format === undefined) throw unknownOperation(target);
    const input = decode(body, format);
    const value = await api.run(found, { name, input, format, request, response });
    const isStream = response.headersSent;
    if (!isStream) sendAnswer(response, { status: 200, value, format });
    return { isStream };
  };
  const served = await serve().catch((error: unknown): Partial<Answered> => {
    // If the client of a request is gone, no result counts as a failure of the server.
    const isGone = response.destroyed;
    const failure = api.explain(error, { operation, response });
    if (failure === 'cut') {
      cutConnection(response);
      return { status: 499, outcome: 'cut', error };
    }
    const { status, type, message, members } = failure;
    const value = { __type: type, message, ...members };
    if (response.headersSent) response.destroy();
    else sendAnswer(response, { status, value, format: format ?? api.refusalFormat });
    return { status: isGone ? 499 : status, outcome: type, error };
  });
  const durationMs = api.monotonicMs() - startMs;
  const plain = { status: 200, outcome: 'ok', isStream: false };
  api.onAnswered({ ...plain, operation, bodyMs, durationMs, ...served });
}

function refuseStranger(
  request: IncomingMessage,
  {
    hostNames: names,
    hostNamesSetting: setting,
  }: Pick<Api<never, never>, 'hostNames' | 'hostNamesSetting'>,
): CallRefusal | undefined {
  const refusal = checkRequest(request, { names, setting, pages: 'none' });
  if (refusal === undefined) return undefined;
  const { status, message } = refusal;
  return new CallRefusal(status === 421 ? 'foreign_host' : 'from_a_page', message);
}

function formatOf<Format extends BodyFormat>(
  { headers }: IncomingMessage,
  api: Pick<Api<Format, never>, 'formatOf'>,
): Format | undefined {
  return api.formatOf(headers['content-type']?.split(';', 1)[0]?.trim() ?? '');
}

async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { bodyBytesMax }: { readonly bodyBytesMax: number },
  bodies: Bodies,
): Promise<Buffer> {
  try {
    return await bodies.read(request, response, bodyBytesMax);
  } catch (cause) {
    if (!(cause instanceof BodyError)) throw cause;
    throw new CallRefusal(cause.problem, cause.message, { cause });
  }
}

function unknownOperation(target: string): CallRefusal {
  const what = cutText(target, 100) || 'no target';
  return new CallRefusal('unknown_operation', `${what} is not served`);
}

function decode(body: Buffer, format: BodyFormat): unknown {
  if (body.length === 0) return {};
  try {
    return format.decode(body);
  } catch (cause) {
    throw new CallRefusal('unreadable', 'the body does not match its content type', { cause });
  }
}

/** Breaks the connection of a response, even with other requests in progress. */
function cutConnection(response: ServerResponse): void {
  const { stream } = response as unknown as Partial<Http2ServerResponse>;
  const { socket } = response;
  if (stream !== undefined) stream.session?.destroy();
  // Node cannot reset a TLS connection.
  else if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** Sends a complete answer, unless the client is gone. */
function sendAnswer(
  response: ServerResponse,
  answer: { readonly status: number; readonly value: unknown; readonly format: BodyFormat },
): void {
  if (response.destroyed) return;
  const { status, value, format } = answer;
  const body = value === undefined ? '' : format.encode(value);
  response.writeHead(status, {
    'x-amzn-RequestId': randomUUID(),
    'content-type': format.contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
