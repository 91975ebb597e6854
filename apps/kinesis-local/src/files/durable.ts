import { chmod, constants, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;

const openFlags = {
  read: O_RDONLY,
  change: O_RDWR,
  make: O_RDWR | O_CREAT,
  replace: O_WRONLY | O_CREAT | O_TRUNC,
  append: O_WRONLY | O_CREAT | O_APPEND,
};

/**
 * Opens a file of the server: never through a link, and accessible only to its owner, whatever the
 * umask.
 */
export async function openOwn(path: string, use: keyof typeof openFlags): Promise<FileHandle> {
  const file = await open(path, openFlags[use] | O_NOFOLLOW, 0o600);
  if (use === 'read' || use === 'change') return file;
  try {
    await file.chmod(0o600);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Makes a directory and missing parents, accessible only to their owner, whatever the umask.
 *
 * @returns whether it is new
 */
export async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'ENOENT') throw error;
    await makeDirectory(dirname(path));
    return makeDirectory(path);
  }
  await chmod(path, 0o700);
  return true;
}

/** Replaces a file. A crash leaves either the old or the new content, never a part of it. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await writeOwn(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    // A failed write must not keep space that other files could use.
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function writeOwn(path: string, content: string): Promise<void> {
  await using file = await openOwn(path, 'replace');
  await file.writeFile(content);
  await file.datasync();
}

/** Makes creations, renames, and removals of files in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r');
  await directory.sync();
}
