import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A directory that looks like a clone to those who run commands in it; what they write stays in it. */
export interface Clone extends AsyncDisposable {
  readonly path: string;
}

/** Links everything of this repository into a new directory, except what a running stack has left. */
export async function makeClone(): Promise<Clone> {
  const path = await mkdtemp(join(tmpdir(), 'highwater-clone-'));
  for (const name of await readdir(root)) {
    if (name !== '.highwater') await symlink(join(root, name), join(path, name));
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
