import { poll } from '@highwater/flow';
import type { KinesisApi } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';

const pollMs = 500;
/** A stream is created in seconds; after this, putting records tells better what is wrong. */
const waitMsMax = 60_000;

/**
 * Waits while the stream is being created.
 *
 * @throws {KinesisError} when there is no such stream: a misspelt name should not wait for ever
 */
export async function waitForStream(
  api: KinesisApi,
  stream: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const look = async () => (await api.describe(stream, signal)).status !== 'CREATING' || undefined;
  await poll(look, { clock, signal, intervalMs: pollMs, timeoutMs: waitMsMax });
}
