import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirectoryError } from './errors.ts';

/**
 * Keeps a second process out of a directory. A lock that a dead process left behind is taken over.
 *
 * @throws {DataDirectoryError} naming the process that has it
 */
export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
  const path = join(directory, 'lock');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return { [Symbol.asyncDispose]: () => unlink(path) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && isRunning(holder)) {
      throw new DataDirectoryError(
        `opening ${directory}: process ${holder} has it; remove ${path} if that is no kinesis-local`,
      );
    }
    await unlink(path).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
