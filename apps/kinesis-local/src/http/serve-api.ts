import { cutText, type Clock, type Logger } from '@highwater/model';
import { ServiceException, type KinesisAccount } from '@highwater/kinesis-engine';
import type { Bodies } from '@highwater/service/front-door';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConnectionCut, disturb } from '../faults/disturb.ts';
import type { ServerFaults } from '../faults/server-faults.ts';
import type { KinesisLocalMetrics } from '../metrics.ts';
import { EventStream } from '../operations/event-stream.ts';
import { operations } from '../operations/operations.ts';
import type { RateLimits } from '../operations/rate-limits.ts';
import { cborFormat } from '../wire/cbor-format.ts';
import { jsonFormat } from '../wire/json-format.ts';
import type { WireFormat } from '../wire/wire-format.ts';
import { cutConnection } from './cut-connection.ts';
import { sendEventStream } from './send-event-stream.ts';
import { refusalOf } from './refusal.ts';

/** What the API is served with. */
export interface ApiContext {
  readonly account: KinesisAccount;
  readonly clock: Clock;
  readonly log: Logger;
  readonly faults: ServerFaults;
  readonly limits: RateLimits;
  readonly metrics: KinesisLocalMetrics;
  readonly bodies: Bodies;
}

/** 10 MiB of records as base64, with keys and names. */
export const bodyBytesMax = 16 * 1024 * 1024;
const targetStart = 'Kinesis_20131202.';
const formats = new Map([jsonFormat, cborFormat].map((format) => [format.contentType, format]));

function knownFormat({ headers }: IncomingMessage): WireFormat | undefined {
  return formats.get(headers['content-type']?.split(';', 1)[0]?.trim() ?? '');
}

/** The format that a request is answered in. */
export function formatOf(request: IncomingMessage): WireFormat {
  return knownFormat(request) ?? jsonFormat;
}

/** Answers one call of the API. */
export async function serveApi(
  request: IncomingMessage,
  response: ServerResponse,
  context: ApiContext,
): Promise<void> {
  const { clock, log, metrics, bodies } = context;
  const wire = knownFormat(request);
  const target = String(request.headers['x-amz-target'] ?? '');
  const name = target.startsWith(targetStart) ? target.slice(targetStart.length) : '';
  const operation = operations.has(name) ? name : 'unknown';
  const reply = (status: number, value: unknown) =>
    sendReply(response, { status, value, wire: wire ?? jsonFormat });
  let outcome = 'ok';
  try {
    const body = await bodies.read(request, response, bodyBytesMax);
    const startMs = clock.monotonicMs();
    const result = await call({ name, target, body, wire, response }, context);
    if (result instanceof EventStream && wire !== undefined) {
      await sendEventStream(response, result, { wire, signal: closeSignal(response) });
      return;
    }
    reply(200, result);
    metrics.duration.observe({ operation }, (clock.monotonicMs() - startMs) / 1000);
  } catch (error) {
    const refusal = refusalOf(error);
    if (error instanceof ConnectionCut) {
      outcome = 'cut';
      cutConnection(response);
    } else if (refusal !== undefined) {
      const { status, type, message } = refusal;
      outcome = type;
      reply(status, { __type: type, message });
    } else if (error instanceof ServiceException && !response.headersSent) {
      outcome = error.exception;
      reply(statusOf(error), { __type: error.exception, message: error.message });
    } else {
      outcome = 'InternalFailure';
      log.error({ err: error, operation }, 'Serving a call failed.');
      if (response.headersSent) response.destroy();
      else reply(500, { __type: outcome, message: cutText(String(error), 1000) });
    }
  } finally {
    metrics.requests.inc({ operation, outcome });
  }
}

/** Does what a request asks for, under the limits and the faults that are on. */
async function call(
  request: {
    readonly name: string;
    readonly target: string;
    readonly body: Buffer;
    readonly wire: WireFormat | undefined;
    readonly response: ServerResponse;
  },
  context: ApiContext,
): Promise<unknown> {
  const { name, body, wire, response } = request;
  const { account, clock, faults, limits, metrics } = context;
  const operation = operations.get(name);
  if (wire === undefined || operation === undefined) {
    const what = cutText(request.target, 100) || 'no target';
    throw new ServiceException('UnknownOperationException', `${what} is not served`);
  }
  const decoded = decodeBody(body, wire);
  if (account.enforcesLimits) limits.take(name, decoded, clock.nowMs());
  const plan = faults.planFor(name);
  const clientGone = () => closeSignal(response);
  const run = () => operation(decoded, { account, clock, wire, clientGone, plan, metrics });
  return plan === undefined ? run() : disturb(run, { plan, clock, operation: name });
}

function statusOf({ exception }: ServiceException): number {
  return exception === 'InternalFailure' ? 500 : 400;
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

/** Sends an answer that is whole. */
export function sendReply(
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
