import { KinesisError, type KinesisApi, type PutResult } from '@highwater/kinesis';
import type { Clock, OutgoingRecord } from '@highwater/model';
import { disturbEvents } from '@highwater/kinesis-engine/faults';
import type { FaultPlan } from '@highwater/kinesis-engine/faults';

const cut = () => new KinesisError('SubscribeToShard', 'ECONNRESET', 'The connection broke.');

/**
 * The API with the faults of a plan: every call may be slow, rejected, or done without an answer.
 */
export function withFaults(api: KinesisApi, plan: FaultPlan, clock: Clock): KinesisApi {
  const disturb = async <T>(
    operation: string,
    signal: AbortSignal | undefined,
    call: () => Promise<T>,
  ): Promise<T> => {
    const fault = plan.nextFault();
    await pause(clock, plan.nextDelayMs(), signal);
    if (fault === 'throttle') {
      throw new KinesisError(
        operation,
        operation === 'PutRecords' || operation === 'GetRecords' || operation === 'GetShardIterator'
          ? 'ProvisionedThroughputExceededException'
          : 'LimitExceededException',
        'Rate exceeded.',
      );
    }
    if (fault === 'fail') {
      throw new KinesisError(operation, 'InternalFailure', 'The service failed.');
    }
    if (fault === 'cut') throw new KinesisError(operation, 'ECONNRESET', 'The connection broke.');
    const reply = await call();
    await pause(clock, plan.nextDelayMs(), signal);
    if (fault === 'lose_reply') {
      throw new KinesisError(operation, 'TimeoutError', 'The reply was lost.');
    }
    return reply;
  };

  return {
    describe: (stream, signal) =>
      disturb('DescribeStreamSummary', signal, () => api.describe(stream, signal)),
    create: (stream, shardsCount, signal) =>
      disturb('CreateStream', signal, () => api.create(stream, shardsCount, signal)),
    listShards: (stream, signal) =>
      disturb('ListShards', signal, () => api.listShards(stream, signal)),
    getIterator: (request, signal) =>
      disturb('GetShardIterator', signal, () => api.getIterator(request, signal)),
    getRecords: (request, signal) =>
      disturb('GetRecords', signal, async () => {
        if (plan.isExpired()) {
          throw new KinesisError('GetRecords', 'ExpiredIteratorException', 'Iterator expired.');
        }
        const reply = await api.getRecords(request, signal);
        return plan.isDuplicate() ? { ...reply, nextIterator: request.iterator } : reply;
      }),
    putRecords: (stream, records, signal) =>
      disturb('PutRecords', signal, () => putSome(api, plan, { stream, records, signal })),
    listConsumers: (stream, signal) =>
      disturb('ListStreamConsumers', signal, () => api.listConsumers(stream, signal)),
    registerConsumer: (stream, consumerName, signal) =>
      disturb('RegisterStreamConsumer', signal, () =>
        api.registerConsumer(stream, consumerName, signal),
      ),
    deregisterConsumer: (consumerArn, signal) =>
      disturb('DeregisterStreamConsumer', signal, () =>
        api.deregisterConsumer(consumerArn, signal),
      ),
    subscribe: (request, signal) =>
      disturb('SubscribeToShard', signal, async () =>
        disturbEvents(await api.subscribe(request, signal), { plan, clientGone: signal, cut }),
      ),
  };
}

/** Puts the entries that the plan does not reject, and answers for all of them in order. */
async function putSome(
  api: KinesisApi,
  plan: FaultPlan,
  put: {
    readonly stream: string;
    readonly records: readonly OutgoingRecord[];
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly PutResult[]> {
  const isRefused = plan.nextRefused(put.records.length);
  const taken = put.records.filter((_, i) => !isRefused[i]);
  const results = taken.length === 0 ? [] : await api.putRecords(put.stream, taken, put.signal);
  let next = 0;
  return put.records.map((_, i) => {
    if (!isRefused[i]) return results[next++] as PutResult;
    return {
      ok: false,
      errorCode: 'ProvisionedThroughputExceededException',
      errorMessage: `Rate exceeded for stream ${put.stream}.`,
    };
  });
}

async function pause(clock: Clock, durationMs: number, signal?: AbortSignal): Promise<void> {
  if (durationMs > 0) await clock.sleep(durationMs, signal);
}
