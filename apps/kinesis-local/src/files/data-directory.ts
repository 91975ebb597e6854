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

/**
 * Determines whether a directory belongs to Highwater or may be used. Creates a missing one.
 *
 * @returns its path without links
 * @throws {DataDirectoryError} when it is not empty and nothing shows that it belongs to Highwater
 */
export async function findDataDirectory(given: string): Promise<string> {
  await makeDirectory(given);
  const path = await realpath(given);
  const foreign: string[] = [];
  const names = await ownEntries(path, topKinds, foreign);
  if (names.includes(markerName)) await readMarker(path);
  else await checkUnmarked(path, names, foreign);
  return path;
}

/**
 * Marks a directory whose lock this process has as Highwater's, and removes access for others.
 *
 * @returns names of Highwater's files in it
 */
export async function claimDataDirectory(
  directory: string,
  { log, notes }: { readonly log: Logger; readonly notes: RecoveryNotes },
): Promise<readonly string[]> {
  const names = await ownEntries(directory, topKinds, notes.foreign);
  const path = join(directory, markerName);
  const isMarked = names.includes(markerName);
  const isIntact = isMarked && (await readMarker(directory)) === markerText;
  // In this version, the name says everything.
  if (isMarked && !isIntact) notes.damaged.push(path);
  if (!isIntact) await replaceFile(path, markerText);
  const logs = join(directory, logsName);
  await makeDirectory(logs);
  for (const each of [directory, logs]) {
    await chmod(each, 0o700).catch((error: unknown) => {
      log.warn(
        { err: error, path: each },
        'Could not restrict a directory to its owner, so other users of the machine may read it.',
      );
    });
  }
  return names;
}

/** @throws {DataDirectoryError} when it belongs to another version */
async function readMarker(directory: string): Promise<string> {
  const path = join(directory, markerName);
  await using file = await openOwn(path, 'read');
  const text = await file.readFile('utf8');
  const version = /^\{"version":(\d+)\}\n$/.exec(text)?.[1];
  if (version === undefined || text === markerText) return text;
  throw new DataDirectoryError(
    `reading ${path}: the directory has version ${version}, but this server reads version 1; start the server that created it`,
  );
}

/**
 * Without a marker, a directory belongs to Highwater when it is empty, when Highwater wrote its
 * state (before there was a marker), or when it only contains what a server without streams leaves.
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
      throw notOurs(
        directory,
        `its ${stateName} was created by another program, or is damaged`,
        cause,
      );
    });
    return;
  }
  const logs = names.includes(logsName) ? await readdir(join(directory, logsName)) : [];
  if (logs.some(isStreamName) && logs.every(isStreamName)) throw stateMissing(directory);
  if (foreign.length === 0 && logs.length === 0 && (await isOwnLock(directory, names))) return;
  throw notOurs(directory, 'it is not empty');
}

/** Logs without the state that describes them. */
export function stateMissing(directory: string): DataDirectoryError {
  const state = join(directory, stateName);
  const logs = join(directory, logsName);
  return new DataDirectoryError(
    `opening ${directory}: ${logs} holds records of streams, but ${state}, which lists the streams, is missing; restore it from a backup, or move ${logs} away to start without streams`,
  );
}

async function isOwnLock(directory: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(lockName)) return true;
  return isLockText(await readFile(join(directory, lockName), 'utf8'));
}

function notOurs(directory: string, why: string, cause?: unknown): DataDirectoryError {
  return new DataDirectoryError(
    `opening ${directory}: ${why}, and it has no ${markerName}, so it may belong to another program; set HW_KINESIS_LOCAL_DATA_DIR (--data) to an empty or new directory`,
    { cause },
  );
}
