import type { KinesisApi } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';

const pollMs = 500;
/** A stream is created in seconds; after this, putting records tells better what is wrong. */
const pollsMax = 120;

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
  for (let poll = 0; poll < pollsMax; poll++) {
    if ((await api.describe(stream, signal)).status !== 'CREATING') return;
    await clock.sleep(pollMs, signal);
  }
}
