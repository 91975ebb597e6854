import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { processTree, residentBytes } from '../../apps/timestream-local/test/resident-bytes.ts';

/** A timestream-local in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly endpoint: string;
  /** From the start of the process to the first line that says it serves. */
  readonly startMs: number;
  /** Of the server and its engines. */
  residentMb(): number;
  cpuSeconds(): Promise<number>;
}

/** User and system time of one process. */
async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.split(') ')[1]?.split(' ') ?? [];
  // In hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A server that does not end by then is made to. */
const endMsMax = 10_000;

const ownMain = join(import.meta.dirname, '../../apps/timestream-local/src/main.ts');

/**
 * Starts it with a file.
 *
 * @param nowMs its clock is fixed at this time; undefined for the clock of the machine
 * @param main of another checkout, to compare them
 */
export async function startServer(
  data: string,
  nowMs: number | undefined,
  main = ownMain,
): Promise<ServerProcess> {
  const startedMs = performance.now();
  const clock = nowMs === undefined ? [] : ['--retention-clock', new Date(nowMs).toISOString()];
  const child = spawn(process.execPath, [main, '--port', '0', '--data', data, ...clock], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HW_HTTP_PORT: '0' },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg !== 'Serving the Timestream API.') continue;
    child.stdout.resume();
    return {
      endpoint: `http://127.0.0.1:${port}`,
      startMs: performance.now() - startedMs,
      residentMb: () => residentBytes(child.pid ?? 0) / 2 ** 20,
      cpuSeconds: async () => {
        const seconds = await Promise.all(processTree(child.pid ?? 0).map(cpuSecondsOf));
        return seconds.reduce((sum, each) => sum + each, 0);
      },
      [Symbol.asyncDispose]: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), endMsMax);
        await exited;
        clearTimeout(late);
      },
    };
  }
  throw new Error('timestream-local ended before it served');
}
