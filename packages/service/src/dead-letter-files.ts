import { open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of dead letters, by its name in their directory. */
export interface DeadLetterFile {
  readonly name: string;
  /** The service that writes it. */
  readonly stage: string;
  /** When it was closed; infinite for the one that letters are appended to. */
  readonly closedMs: number;
}

/** Records hold what a producer sent; nobody else on the machine needs to read it. */
export const deadLettersMode = 0o600;

/** The name of the file that a service appends its letters to. */
export function currentFileName(stage: string): string {
  return `${stage}.ndjson`;
}

const fileName = /^(?<stage>.+?)(?:\.(?<closed>\d{1,15}))?\.ndjson$/;

/** The files of dead letters in a directory, those of each service in the order they were written. */
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

/** Bytes of all dead letters of a service. A file that is moved away while they are counted has none. */
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
 * Closes the file that letters are appended to: renames it, so that the next letter begins a new one.
 * Its number is the time, so that none comes again after closed files were moved away.
 *
 * The name is taken first, by an empty file that only the rename replaces. So two replicas that share the
 * directory never replace each other's files. A crash between the two leaves the empty file, which says
 * nothing and harms nothing; so does a replica that finds the file gone.
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

/** Each number is tried once, and whoever else takes one has a file for it. */
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
