import { poll } from '@highwater/flow';
import { systemClock } from '@highwater/service';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterHomes } from './cluster.ts';
import { PostgresServerError } from './errors.ts';
import { removeStalePid } from './stale-pid.ts';

/** A server whose program has just ended stops by itself; it may have much to write. */
const stoppedMs = 30_000;
const pollMs = 50;

/**
 * Removes all files of a server that `startPostgres` made for a directory, also those that are outside
 * it because root had started it. Nothing happens if there are none.
 *
 * @throws {PostgresServerError} when the server runs, and does not stop within half a minute
 */
export async function removePostgres(directory: string): Promise<void> {
  for (const home of await clusterHomes(directory)) {
    await untilStopped(join(home, 'cluster/data'));
    await rm(home, { recursive: true, force: true });
  }
}

async function untilStopped(data: string): Promise<void> {
  await removeStalePid(data);
  const isStopped = await poll(
    async () => ((await runningPid(data)) === undefined ? true : undefined),
    {
      clock: systemClock,
      signal: new AbortController().signal,
      intervalMs: pollMs,
      timeoutMs: stoppedMs,
    },
  );
  if (isStopped) return;
  throw new PostgresServerError(
    `removing the PostgreSQL server in ${data}: process ${await runningPid(data)} still runs it; stop that process`,
  );
}

/** The process that the server's own note names, if it is there. */
async function runningPid(data: string): Promise<number | undefined> {
  const note = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(note.split('\n')[0]);
  if (!Number.isSafeInteger(pid) || pid < 1) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}
