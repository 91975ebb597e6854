import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The permissions of everything below a directory, in octal, by relative path. */
export async function modesIn(directory: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const modes: Record<string, string> = {};
  for (const { parentPath, name } of entries) {
    const path = join(parentPath, name);
    const { mode } = await stat(path);
    modes[relative(directory, path)] = (mode & 0o777).toString(8);
  }
  return modes;
}

/** Sets the umask of this process until it is disposed. */
export function underUmask(umask: number): Disposable {
  const before = process.umask(umask);
  return { [Symbol.dispose]: () => void process.umask(before) };
}
