import { open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A dead-letter file, parsed from its name in the directory. */
export interface DeadLetterFile {
  readonly name: string;
  /** The service that writes it. */
  readonly stage: string;
  /** When it was closed; infinite for the file that letters are appended to. */
  readonly closedMs: number;
}

/** Records contain data from producers. Other users of the machine don't need to read them. */
export const deadLettersMode = 0o600;

/** The name of the file that a service appends its letters to. */
export function currentFileName(stage: string): string {
  return `${stage}.ndjson`;
}

const fileName = /^(?<stage>.+?)(?:\.(?<closed>\d{1,15}))?\.ndjson$/;

/** The dead-letter files in a directory; those of each service in the order they were written. */
export async function deadLetterFiles(directory: string): Promise<readonly DeadLetterFile[]> {
  const names = await readdir(directory);
  return names
    .flatMap((name): DeadLetterFile[] => {
      const { stage, closed } = fileName.exec(name)?.groups ?? {};
      if (stage === undefined) return [];
      const closedMs = closed === undefined ? Number.POSITIVE_INFINITY : Number(closed);
      return [{ name, stage, closedMs }];
    })
    .toSorted((a, b) => (a.closedMs < b.closedMs ? -1 : 1));
}

/**
 * Total bytes of all dead letters of a service. A file that is moved away while they are counted
 * counts as 0.
 */
export async function deadLettersBytes(directory: string, stage: string): Promise<number> {
  let bytes = 0;
  for (const { name, stage: owner } of await deadLetterFiles(directory)) {
    if (owner !== stage) continue;
    const found = await stat(join(directory, name)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}

/**
 * Closes the file that letters are appended to: renames it, so that the next letter starts a new
 * one. The number in the new name is the time, so no name repeats after closed files were moved
 * away.
 *
 * First, an empty file reserves the name, and only the rename replaces it. So two replicas that
 * share the directory never replace each other's files. A crash between the two steps leaves the
 * empty file, which is harmless. The same happens if a replica finds that the file is already gone.
 */
export async function closeCurrentFile(
  directory: string,
  stage: string,
  nowMs: number,
): Promise<void> {
  const closedMs = (await deadLetterFiles(directory))
    .filter((file) => file.stage === stage && Number.isFinite(file.closedMs))
    .map((file) => file.closedMs + 1);
  const path = await takeName(directory, stage, Math.max(nowMs, ...closedMs));
  await rename(join(directory, currentFileName(stage)), path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

/** Each number is tried once. If it is taken, another process has created a file with it. */
async function takeName(directory: string, stage: string, fromMs: number): Promise<string> {
  for (let closedMs = fromMs; ; closedMs += 1) {
    const path = join(directory, `${stage}.${closedMs}.ndjson`);
    try {
      const file = await open(path, 'wx', deadLettersMode);
      await file.close();
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
