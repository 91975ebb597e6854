import type { FaultPlan } from '@highwater/kinesis-engine/faults';
import type { KinesisAccount, PutResult } from '@highwater/kinesis-engine';

type Records = Parameters<KinesisAccount['putRecords']>[1];

/** Puts the records that the plan does not reject, and answers for all of them in order. */
export async function putWithFaults(
  account: KinesisAccount,
  streamName: string,
  records: Records,
  plan: FaultPlan | undefined,
): Promise<readonly PutResult[]> {
  if (plan === undefined) return account.putRecords(streamName, records);
  const isRefused = plan.nextRefused(records.length);
  const results = await account.putRecords(
    streamName,
    records.filter((_, i) => !isRefused[i]),
  );
  let next = 0;
  return records.map((_, i) => {
    if (!isRefused[i]) return results[next++] as PutResult;
    return {
      ok: false,
      errorCode: 'ProvisionedThroughputExceededException',
      errorMessage: `Rate exceeded for stream ${streamName}: injected fault.`,
    };
  });
}
