import type { Clock, Logger } from '@highwater/model';
import { ServiceException, type KinesisAccount } from '@highwater/testkit/stream';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventStream } from '../operations/event-stream.ts';
import { operations } from '../operations/operations.ts';
import { cborFormat } from '../wire/cbor-format.ts';
import { jsonFormat } from '../wire/json-format.ts';
import type { WireFormat } from '../wire/wire-format.ts';
import { readBody } from './read-body.ts';
import { sendEventStream } from './send-event-stream.ts';

/** What the API is served with. */
export interface ApiContext {
  readonly account: KinesisAccount;
  readonly clock: Clock;
  readonly log: Logger;
}

/** 10 MiB of records as base64, with keys and names. */
const bodyBytesMax = 16 * 1024 * 1024;

const targetStart = 'Kinesis_20131202.';

const formats = new Map([jsonFormat, cborFormat].map((format) => [format.contentType, format]));

/** Answers one call of the API. */
export async function serveApi(
  request: IncomingMessage,
  response: ServerResponse,
  context: ApiContext,
): Promise<void> {
  const contentType = request.headers['content-type']?.split(';', 1)[0]?.trim() ?? '';
  const wire = formats.get(contentType);
  const target = String(request.headers['x-amz-target'] ?? '');
  const body = await readBody(request, bodyBytesMax);
  const reply = (status: number, value: unknown) =>
    sendReply(response, { status, value, wire: wire ?? jsonFormat });
  try {
    if (body === undefined) {
      throw new ServiceException(
        'SerializationException',
        `the body exceeds ${bodyBytesMax} bytes`,
      );
    }
    const operation = target.startsWith(targetStart)
      ? operations.get(target.slice(targetStart.length))
      : undefined;
    if (wire === undefined || operation === undefined) {
      throw new ServiceException('UnknownOperationException', `no operation ${target || '(none)'}`);
    }
    const { account, clock } = context;
    const clientGone = () => closeSignal(response);
    const result = await operation(decodeBody(body, wire), { account, clock, wire, clientGone });
    if (result instanceof EventStream) {
      await sendEventStream(response, result, { wire, signal: clientGone() });
      return;
    }
    reply(200, result);
  } catch (error) {
    if (error instanceof ServiceException) {
      const status = error.exception === 'InternalFailure' ? 500 : 400;
      reply(status, { __type: error.exception, message: error.message });
      return;
    }
    context.log.error({ err: error, target }, 'Serving a call failed.');
    if (response.headersSent) response.destroy();
    else reply(500, { __type: 'InternalFailure', message: String(error) });
  }
}

const closeSignals = new WeakMap<ServerResponse, AbortSignal>();

/** Aborts when the response is over, whoever ended it. */
function closeSignal(response: ServerResponse): AbortSignal {
  const known = closeSignals.get(response);
  if (known !== undefined) return known;
  const controller = new AbortController();
  closeSignals.set(response, controller.signal);
  if (response.destroyed) controller.abort();
  else response.once('close', () => controller.abort());
  return controller.signal;
}

function decodeBody(body: Buffer, wire: WireFormat): unknown {
  if (body.length === 0) return {};
  try {
    return wire.decode(body);
  } catch {
    throw new ServiceException('SerializationException', 'the body is not what its type says');
  }
}

function sendReply(
  response: ServerResponse,
  reply: { readonly status: number; readonly value: unknown; readonly wire: WireFormat },
): void {
  const { status, value, wire } = reply;
  const body = value === undefined ? '' : wire.encode(value);
  response.writeHead(status, {
    'x-amzn-RequestId': randomUUID(),
    'content-type': wire.contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
