import { KinesisError, type KinesisApi } from '@highwater/kinesis';
import type { Clock, Logger } from '@highwater/model';

const pollMs = 200;
/** A stream is there within seconds, on AWS within a minute or so. */
const pollsMax = 900;

/** A stream as it shall be, if it is not there. */
export interface WantedStream {
  readonly name: string;
  readonly shardsCount: number;
}

/**
 * Waits until the stream can be used, creating it when it is missing. One that is there keeps its
 * shards: resharding is for people.
 *
 * @throws {KinesisError} when it cannot be created or looked at
 */
export async function ensureStream(
  { api, clock, log }: { readonly api: KinesisApi; readonly clock: Clock; readonly log: Logger },
  { name, shardsCount }: WantedStream,
  signal: AbortSignal,
): Promise<void> {
  for (let poll = 0; poll < pollsMax; poll++) {
    const status = await statusOf(api, name, signal);
    if (status === 'ACTIVE') {
      log.info({ stream: name }, 'Stream is there.');
      return;
    }
    if (status === undefined) {
      await api.create(name, shardsCount, signal);
      log.info({ stream: name, shardsCount }, 'Stream is being created.');
    }
    await clock.sleep(pollMs, signal);
  }
  throw new KinesisError(
    'CreateStream',
    'Timeout',
    `${name} is not active after ${pollsMax} looks`,
  );
}

async function statusOf(api: KinesisApi, stream: string, signal: AbortSignal) {
  try {
    return (await api.describe(stream, signal)).status;
  } catch (error) {
    if (error instanceof KinesisError && error.exception === 'ResourceNotFoundException') return;
    throw error;
  }
}
