import {
  CallRefusal,
  closeSignal,
  type Answered,
  type Api,
  type Call,
  type Failure,
} from '@highwater/aws-json';
import { cutText, type Clock, type Logger } from '@highwater/model';
import { ServiceException } from '@highwater/kinesis-engine';
import type { Bodies } from '@highwater/service/front-door';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerAdmin, isAdminRequest } from '../admin/answer-admin.ts';
import type { AdminContext } from '../admin/serve-admin.ts';
import { ConnectionCut, disturb } from '../faults/disturb.ts';
import type { KinesisLocalMetrics } from '../metrics.ts';
import { EventStream } from '../operations/event-stream.ts';
import type { Operation } from '../operations/operation.ts';
import { operations } from '../operations/operations.ts';
import type { RateLimits } from '../operations/rate-limits.ts';
import { cborFormat, jsonFormat, type WireFormat } from '../wire/wire-formats.ts';
import { refusals } from './refusal.ts';
import { sendEventStream } from './send-event-stream.ts';
import { isIdentityRequest, serveIdentity } from './serve-identity.ts';

/** Dependencies of every request. */
export interface ServerContext extends AdminContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: RateLimits;
  readonly metrics: KinesisLocalMetrics;
  /** Names of this server in addition to the names that no website can have. */
  readonly hostNames: readonly string[];
  /** Whether the admin endpoint is available. */
  readonly hasAdmin: boolean;
}

const formats = new Map([jsonFormat, cborFormat].map((format) => [format.contentType, format]));

/** The Kinesis API, with the admin endpoint and GetCallerIdentity. */
export function kinesisApi(context: ServerContext): Api<WireFormat, Operation> {
  const { clock, log, metrics, hostNames } = context;
  return {
    targetPrefix: 'Kinesis_20131202.',
    operations,
    formatOf: (contentType) => formats.get(contentType),
    refusalFormat: jsonFormat,
    // 10 MiB of records as base64, with keys and names.
    bodyBytesMax: 16 * 1024 * 1024,
    hostNames,
    hostNamesSetting: 'HW_KINESIS_LOCAL_HOST_NAMES',
    monotonicMs: () => clock.monotonicMs(),
    serveOther: (request, response, bodies) => serveOther(request, response, { context, bodies }),
    run: (operation, call) => run(operation, call, context),
    explain: (error, at) => explain(error, at, log),
    onAnswered: (answered) => count(answered, metrics),
  };
}

function serveOther(
  request: IncomingMessage,
  response: ServerResponse,
  { context, bodies }: { readonly context: ServerContext; readonly bodies: Bodies },
): Promise<void> | undefined {
  const { account, log, metrics, hasAdmin } = context;
  const serve = () => {
    if (hasAdmin && isAdminRequest(request)) {
      return answerAdmin(request, response, { ...context, bodies });
    }
    if (!isIdentityRequest(request)) return undefined;
    const { accountId } = account;
    return serveIdentity(request, response, { accountId, bodies }).then((answered) =>
      metrics.requests.inc(answered),
    );
  };
  return serve()?.catch((error: unknown) => {
    // Only a body that was not read comes here.
    log.debug({ err: error }, 'A request did not arrive completely.');
    response.destroy();
  });
}

/** Performs a call, subject to the active limits and faults. */
async function run(
  operation: Operation,
  call: Call<WireFormat>,
  context: ServerContext,
): Promise<unknown> {
  const { name, input, format: wire, response } = call;
  const { account, clock, faults, limits, metrics } = context;
  if (account.enforcesLimits) limits.take(name, input, clock.nowMs());
  const plan = faults.planFor(name);
  const clientGone = () => closeSignal(response);
  const operate = () => operation(input, { account, clock, wire, clientGone, plan, metrics });
  const result = await (plan === undefined
    ? operate()
    : disturb(operate, { plan, clock, operation: name }));
  if (!(result instanceof EventStream)) return result;
  await sendEventStream(response, result, { wire, signal: closeSignal(response) });
  return undefined;
}

function explain(
  error: unknown,
  at: { readonly operation: string; readonly response: ServerResponse },
  log: Logger,
): Failure | 'cut' {
  const { operation, response } = at;
  if (error instanceof ConnectionCut) return 'cut';
  if (error instanceof CallRefusal) return { ...refusals[error.problem], message: error.message };
  if (error instanceof ServiceException && !response.headersSent) {
    const { exception: type, message } = error;
    return { status: type === 'InternalFailure' ? 500 : 400, type, message };
  }
  log.error({ err: error, operation }, 'A call failed because of an internal error.');
  return { status: 500, type: 'InternalFailure', message: cutText(String(error), 1000) };
}

function count(answered: Answered, metrics: KinesisLocalMetrics): void {
  const { outcome, durationMs, bodyMs, isStream, error } = answered;
  const isStranger =
    error instanceof CallRefusal &&
    (error.problem === 'foreign_host' || error.problem === 'from_a_page');
  const operation = isStranger ? 'unknown' : answered.operation;
  metrics.requests.inc({ operation, outcome });
  if (outcome === 'ok' && !isStream) {
    metrics.duration.observe({ operation }, (durationMs - bodyMs) / 1000);
  }
}
