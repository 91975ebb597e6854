import { poll } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import { KinesisError } from '../errors.ts';
import type { KinesisApi } from './kinesis-api.ts';

/** The desired shape of a stream, if it has to be created. */
export interface WantedStream {
  readonly name: string;
  readonly shardsCount: number;
}

const pollMs = 50;
/** A local stream is available within seconds, one on AWS within about a minute. */
const waitMsMax = 180_000;

/**
 * Creates the missing streams and waits until all can be used. An existing stream keeps its shards:
 * only people reshard. Several processes may do so concurrently.
 *
 * @returns the names of the streams that were missing; stored state about them is invalid
 * @throws {KinesisError} when one cannot be created or described, or does not become active
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
    log?.info({ stream: name, shardsCount }, 'Creating the stream.');
  }
  for (const { name } of wanted) {
    let status: string | undefined;
    const look = async () => {
      status = await statusOf(api, name, signal);
      return status === 'ACTIVE' || status === 'UPDATING' ? status : undefined;
    };
    if (!(await poll(look, { clock, signal, intervalMs: pollMs, timeoutMs: waitMsMax }))) {
      const detail = `the stream ${name} is still ${status ?? 'missing'} after ${waitMsMax / 1000} s`;
      throw new KinesisError('CreateStream', 'Timeout', detail);
    }
    log?.info({ stream: name }, 'The stream is ready.');
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
