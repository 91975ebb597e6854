import { poll } from '@highwater/flow';
import type { KinesisApi } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';

const pollMs = 500;
/**
 * A stream is created within seconds. After this time, an error of putting records explains the
 * problem better.
 */
const waitMsMax = 60_000;

/**
 * Waits while the stream is being created.
 *
 * @throws {KinesisError} when there is no such stream, because a misspelled name should not wait
 * forever
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
