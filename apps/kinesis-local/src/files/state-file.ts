import { decodeState, shardIdOf } from '@highwater/kinesis-engine';
import { join } from 'node:path';
import { openOwn } from './durable.ts';
import { DataDirectoryError } from './errors.ts';
import { stateName } from './file-names.ts';
import { isSealed, unseal } from './sealed.ts';

/** The content of `state.json`. */
export interface KeptState {
  readonly text: string;
  /** Paths in `logs` of the shards that it names. */
  readonly shards: readonly string[];
  /**
   * Whether it has a checksum. Earlier servers wrote none, and their shards had no directory before
   * the first record.
   */
  readonly isSealed: boolean;
}

/**
 * Reads the state stored in a directory.
 *
 * @throws {DataDirectoryError} when it is damaged
 */
export async function readState(directory: string): Promise<KeptState> {
  const path = join(directory, stateName);
  await using file = await openOwn(path, 'read');
  const written = await file.readFile('utf8');
  try {
    const text = isSealed(written) ? unseal(written) : written;
    if (text === undefined) throw new Error('its content does not match its checksum');
    const paths = decodeState(text).flatMap(({ streamName, createdMs, shards }) =>
      shards.map(({ index }) => join(streamDirectory(streamName, createdMs), shardIdOf(index))),
    );
    return { text, shards: paths, isSealed: isSealed(written) };
  } catch (cause) {
    const why = written === '' ? 'it is empty' : (cause as Error).message;
    throw new DataDirectoryError(
      `reading ${path}: damaged: ${why}; restore it from a backup, or move it and logs away to start without streams`,
      { cause },
    );
  }
}

/** Path of the logs of a stream in `logs`. */
export function streamDirectory(streamName: string, createdMs: number): string {
  return `${streamName}@${createdMs}`;
}
