import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Another user than the one of this process. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const othersMayEnter = 0o001;
const ownerMayEnter = 0o100;

/**
 * Who the server runs as. PostgreSQL refuses to run as root: then it is the user `nobody`.
 *
 * @returns undefined for the user of this process
 */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, , uid, gid] = /^nobody:.*$/m.exec(users)?.[0].split(':') ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

/** Whether a user can enter every directory above a path. */
export async function canReach(path: string, { uid }: ServerUser): Promise<boolean> {
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    const { mode, uid: owner } = await stat(parent);
    if ((mode & (owner === uid ? ownerMayEnter : othersMayEnter)) === 0) return false;
    if (parent === dirname(parent)) return true;
  }
}
