import { KinesisError, type KinesisApi } from '@highwater/kinesis';
import type { Clock } from '@highwater/model';

/** A stream that has to be there. */
export interface WantedStream {
  readonly name: string;
  readonly shardsCount: number;
}

const pollMs = 50;

/**
 * Creates the streams that are missing and waits until all can be used.
 *
 * @returns the names of those that were missing; what was remembered about them is void
 */
export async function ensureStreams(
  api: KinesisApi,
  wanted: readonly WantedStream[],
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { clock, signal } = options;
  const created: string[] = [];
  for (const { name, shardsCount } of wanted) {
    if (await exists(api, name, signal)) continue;
    await api.create(name, shardsCount, signal);
    created.push(name);
  }
  for (const { name } of wanted) {
    while ((await api.describe(name, signal)).status !== 'ACTIVE') {
      await clock.sleep(pollMs, signal);
    }
  }
  return created;
}

async function exists(api: KinesisApi, stream: string, signal: AbortSignal): Promise<boolean> {
  try {
    await api.describe(stream, signal);
    return true;
  } catch (error) {
    if (error instanceof KinesisError && error.exception === 'ResourceNotFoundException') {
      return false;
    }
    throw error;
  }
}
