import type { KinesisApi } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';

const pollMs = 500;

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
  while ((await api.describe(stream, signal)).status === 'CREATING') {
    await clock.sleep(pollMs, signal);
  }
}
