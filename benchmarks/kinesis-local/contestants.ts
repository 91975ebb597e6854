import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server under measurement, in a process of its own. */
export interface Contestant extends AsyncDisposable {
  readonly port: number;
  readonly startMs: number;
  residentMb(): Promise<number>;
  cpuSeconds(): Promise<number>;
}

const root = join(import.meta.dirname, '../..');
const ourMain = join(root, 'apps/kinesis-local/src/main.ts');
/** More than all that a run stores. */
const memoryBytesMax = `${2 ** 33}`;

/** Our server, in memory. */
export function startOurs(): Promise<Contestant> {
  return start([ourMain, '--port', '0'], { HW_KINESIS_LOCAL_MEMORY_BYTES_MAX: memoryBytesMax });
}

/** Our server with files, in a new directory. */
export async function startOursWithFiles(): Promise<Contestant> {
  const directory = await mkdtemp(join(tmpdir(), 'kinesis-local-bench-'));
  const env = { HW_KINESIS_LOCAL_MEMORY_BYTES_MAX: memoryBytesMax };
  const server = await start([ourMain, '--port', '0', '--data', directory], env);
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** kinesalite in memory. */
export function startKinesalite(): Promise<Contestant> {
  const script = `
    const server = require('kinesalite')({ createStreamMs: 10 });
    server.listen(0, '127.0.0.1', () => {
      console.log(JSON.stringify({ msg: 'Serving the Kinesis API.', port: server.address().port }));
    });`;
  return start(['-e', script], {});
}

async function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Contestant> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env, HW_HTTP_PORT: '0', HW_LOG_LEVEL: 'info' },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg !== 'Serving the Kinesis API.') continue;
    child.stdout.resume();
    const startMs = performance.now() - startedMs;
    return { port, startMs, ...observe(child) };
  }
  throw new Error(`${args.join(' ')} ended before it listened`);
}

function observe(child: ChildProcess): Omit<Contestant, 'port' | 'startMs'> {
  const { pid } = child;
  return {
    residentMb: async () => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    },
    cpuSeconds: async () => {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      // User and system time, in hundredths of a second.
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    [Symbol.asyncDispose]: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
