import type { Logger } from '@highwater/model';
import { chmod, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isLockText } from './directory-lock.ts';
import { makeDirectory, openOwn, replaceFile } from './durable.ts';
import { DataDirectoryError } from './errors.ts';
import {
  isStreamName,
  isTopFile,
  lockName,
  logsName,
  markerName,
  stateName,
} from './file-names.ts';
import { ownEntries, type OwnKind } from './own-entries.ts';
import type { RecoveryNotes } from './recovery-notes.ts';
import { readState } from './state-file.ts';

const markerText = '{"version":1}\n';
const topKinds: readonly OwnKind[] = [
  { type: 'file', isOwn: isTopFile },
  { type: 'directory', isOwn: (name) => name === logsName },
];

/** A directory that is ours. */
export interface DataDirectory {
  /** Without links. */
  readonly path: string;
  /** Names in it that are ours. */
  readonly names: readonly string[];
}

/**
 * Makes a directory ours, and closes it to everybody else.
 *
 * @throws {DataDirectoryError} when it is not empty and nothing says that it is ours
 */
export async function openDataDirectory(
  given: string,
  { log, notes }: { readonly log: Logger; readonly notes: RecoveryNotes },
): Promise<DataDirectory> {
  await makeDirectory(given);
  const path = await realpath(given);
  const names = await ownEntries(path, topKinds, notes.foreign);
  if (names.includes(markerName)) await checkMarker(path, notes);
  else {
    await checkUnmarked(path, names, notes.foreign);
    await replaceFile(join(path, markerName), markerText);
  }
  await makeDirectory(join(path, logsName));
  for (const each of [path, join(path, logsName)]) {
    await chmod(each, 0o700).catch((error: unknown) => {
      log.warn({ err: error, path: each }, 'The data directory can not be closed to others.');
    });
  }
  return { path, names };
}

async function checkMarker(directory: string, notes: RecoveryNotes): Promise<void> {
  const path = join(directory, markerName);
  await using file = await openOwn(path, 'read');
  const text = await file.readFile('utf8');
  if (text === markerText) return;
  const version = /^\{"version":(\d+)\}\n$/.exec(text)?.[1];
  if (version !== undefined) {
    throw new DataDirectoryError(
      `reading ${path}: version ${version} of the directory, this server is for version 1; start the server that made it`,
    );
  }
  // Its name says all there is to know of this version.
  notes.damaged.push(path);
  await replaceFile(path, markerText);
}

/**
 * Without a marker a directory is ours when it is empty, when its state is one that we wrote (servers
 * before the marker), or when there is nothing but what a server without streams leaves.
 */
async function checkUnmarked(
  directory: string,
  names: readonly string[],
  foreign: readonly string[],
): Promise<void> {
  if (names.length + foreign.length === 0) return;
  if (names.includes(stateName)) {
    await readState(directory).catch((cause: unknown) => {
      if (!(cause instanceof DataDirectoryError)) throw cause;
      throw notOurs(directory, `its ${stateName} is none of ours, or damaged`, cause);
    });
    return;
  }
  const logs = names.includes(logsName) ? await readdir(join(directory, logsName)) : [];
  if (logs.some(isStreamName) && logs.every(isStreamName)) throw stateMissing(directory);
  if (foreign.length === 0 && logs.length === 0 && (await isOwnLock(directory, names))) return;
  throw notOurs(directory, 'it is not empty');
}

/** Logs without the state that tells what they are. */
export function stateMissing(directory: string): DataDirectoryError {
  const state = join(directory, stateName);
  const logs = join(directory, logsName);
  return new DataDirectoryError(
    `opening ${directory}: ${logs} holds the records of streams, and ${state}, which says what these are, is missing; put a copy of it back, or move ${logs} away to begin without streams`,
  );
}

async function isOwnLock(directory: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(lockName)) return true;
  return isLockText(await readFile(join(directory, lockName), 'utf8'));
}

function notOurs(directory: string, why: string, cause?: unknown): DataDirectoryError {
  return new DataDirectoryError(
    `opening ${directory}: ${why}, and it has no ${markerName}, so that it may be somebody else's; name an empty or a new directory with HW_KINESIS_LOCAL_DATA_DIR (--data)`,
    { cause },
  );
}
