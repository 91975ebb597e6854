import type { Clock } from '@highwater/model';
import type { FaultPlan } from '@highwater/kinesis-engine/faults';
import { ServiceException } from '@highwater/kinesis-engine';

/** Signals that the client gets a broken connection instead of an answer. */
export class ConnectionCut extends Error {
  override readonly name = 'ConnectionCut';
}

const dataOperations = ['PutRecord', 'PutRecords', 'GetRecords', 'GetShardIterator'];

/**
 * Performs a call under a fault plan: it may be slow, rejected, or done without an answer.
 *
 * @throws {ConnectionCut} when the connection is to be broken instead of an answer
 */
export async function disturb<T>(
  call: () => Promise<T>,
  options: { readonly plan: FaultPlan; readonly clock: Clock; readonly operation: string },
): Promise<T> {
  const { plan, clock, operation } = options;
  const fault = plan.nextFault();
  await pause(clock, plan.nextDelayMs());
  if (fault === 'throttle') {
    const exception = dataOperations.includes(operation)
      ? 'ProvisionedThroughputExceededException'
      : 'LimitExceededException';
    throw new ServiceException(exception, 'Rate exceeded: injected fault.');
  }
  if (fault === 'fail') {
    throw new ServiceException('InternalFailure', 'Failed: injected fault.');
  }
  if (fault === 'cut') throw new ConnectionCut();
  const reply = await call();
  await pause(clock, plan.nextDelayMs());
  if (fault === 'lose_reply') throw new ConnectionCut();
  return reply;
}

async function pause(clock: Clock, durationMs: number): Promise<void> {
  if (durationMs > 0) await clock.sleep(durationMs);
}
