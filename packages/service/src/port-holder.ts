import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Names the process that listens on a port, e.g. `4711 (node server.js)`.
 *
 * @returns undefined if that cannot be determined: there is no /proc, or the process belongs to
 * another user
 */
export async function portHolder(port: number): Promise<string | undefined> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const inode of listeningInodes(await readOr(table, ''), port)) inodes.add(inode);
  }
  if (inodes.size === 0) return undefined;
  const processes = await readdir('/proc').catch(() => []);
  for (const pid of processes.filter((name) => /^\d+$/.test(name))) {
    if (await hasSocket(pid, inodes)) {
      const command = (await readOr(`/proc/${pid}/cmdline`, '')).split('\0');
      return `${pid} (${nameOf(command).slice(0, 80)})`;
    }
  }
  return undefined;
}

/**
 * The program without its directory, because a long path can push out the part that identifies it.
 */
function nameOf([program = '', ...words]: readonly string[]): string {
  return [basename(program), ...words].join(' ').trim();
}

/**
 * Columns of the kernel's table: slot, local address, remote address, state, … The tenth is the
 * inode.
 */
function listeningInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) === true && columns[3] === '0A')
    .flatMap((columns) => columns[9] ?? []);
}

async function hasSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  for (const descriptor of await readdir(directory).catch(() => [])) {
    const target = await readlink(`${directory}/${descriptor}`).catch(() => '');
    if (target.startsWith('socket:[') && inodes.has(target.slice(8, -1))) return true;
  }
  return false;
}

async function readOr(path: string, fallback: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => fallback);
}
