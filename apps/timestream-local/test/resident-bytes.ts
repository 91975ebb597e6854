import { readFileSync, readdirSync } from 'node:fs';

const pageBytes = 4096;

/**
 * Resident memory of a process and of all processes below it, bytes. Linux only. Shared pages count
 * once for each process.
 *
 * @returns 0 for a process that is gone
 */
export function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child), pages * pageBytes);
  } catch {
    return 0;
  }
}

/** The process and all its living descendants. */
export function processTree(pid: number): readonly number[] {
  try {
    return [pid, ...childrenOf(pid).flatMap(processTree)];
  } catch {
    return [];
  }
}

/** A process belongs to the thread that started it. */
function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
}
