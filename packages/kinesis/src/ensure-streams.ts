import type { Clock, Logger } from '@highwater/model';
import { KinesisError } from './errors.ts';
import type { KinesisApi } from './kinesis-api.ts';

/** A stream as it shall be, if it is not there. */
export interface WantedStream {
  readonly name: string;
  readonly shardsCount: number;
}

const pollMs = 50;
/** A stream is there within seconds, on AWS within a minute or so. */
const waitMsMax = 180_000;

/**
 * Creates the streams that are missing and waits until all can be used. One that is there keeps its
 * shards: resharding is for people. Several processes may do so at once.
 *
 * @returns the names of those that were missing; what was remembered about them is void
 * @throws {KinesisError} when one cannot be created or looked at, or does not become active
 */
export async function ensureStreams(
  api: KinesisApi,
  wanted: readonly WantedStream[],
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly log?: Logger | undefined;
  },
): Promise<readonly string[]> {
  const { clock, signal, log } = options;
  const created: string[] = [];
  for (const { name, shardsCount } of wanted) {
    if ((await statusOf(api, name, signal)) !== undefined) continue;
    if (!(await create(api, { name, shardsCount }, signal))) continue;
    created.push(name);
    log?.info({ stream: name, shardsCount }, 'Stream is being created.');
  }
  const startMs = clock.monotonicMs();
  for (const { name } of wanted) {
    for (;;) {
      const status = await statusOf(api, name, signal);
      if (status === 'ACTIVE' || status === 'UPDATING') break;
      if (clock.monotonicMs() - startMs > waitMsMax) {
        const detail = `${name} is ${status ?? 'not there'} after ${waitMsMax / 1000} s`;
        throw new KinesisError('CreateStream', 'Timeout', detail);
      }
      await clock.sleep(pollMs, signal);
    }
    log?.info({ stream: name }, 'Stream is there.');
  }
  return created;
}

/** @returns false when another process was faster */
async function create(
  api: KinesisApi,
  { name, shardsCount }: WantedStream,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await api.create(name, shardsCount, signal);
    return true;
  } catch (error) {
    if (error instanceof KinesisError && error.exception === 'ResourceInUseException') return false;
    throw error;
  }
}

async function statusOf(api: KinesisApi, stream: string, signal: AbortSignal) {
  try {
    return (await api.describe(stream, signal)).status;
  } catch (error) {
    if (error instanceof KinesisError && error.exception === 'ResourceNotFoundException') return;
    throw error;
  }
}
