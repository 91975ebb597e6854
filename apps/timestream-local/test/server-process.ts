import { childEnvironment } from '@highwater/service';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The program in a separate process. */
export interface ServerProcess extends AsyncDisposable {
  readonly endpoint: string;
  /** Address of health and metrics. */
  readonly opsUrl: string;
  /** Lines of its log so far. */
  readonly log: readonly LogLine[];
  /** Sends a signal and waits for the end. @default 'SIGKILL' */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

type LogLine = Readonly<Record<string, unknown>>;

/** Starts the program on free ports and waits until it is ready. */
export async function startProcess(
  flags: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawnProgram(['--port', '0', ...flags], settings);
  child.stderr?.pipe(process.stderr);
  const log: LogLine[] = [];
  const serving = Promise.withResolvers<void>();
  const exited = once(child, 'exit').then(([code]) => {
    serving.reject(new Error(`the program ended with ${code}: ${JSON.stringify(log)}`));
  });
  if (!child.stdout) throw new Error('spawning without a pipe');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const entry = JSON.parse(line) as LogLine;
    log.push(entry);
    if (entry['msg'] === 'Serving the Timestream API.') serving.resolve();
  });
  await serving.promise;
  const portOf = (message: string) => log.find(({ msg }) => msg === message)?.['port'] as number;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    endpoint: `http://127.0.0.1:${portOf('Serving the Timestream API.')}`,
    opsUrl: `http://127.0.0.1:${portOf('Serving health and metrics.')}`,
    log,
    kill: (signal = 'SIGKILL') => end(signal),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

/** The outcome of a start that must fail. */
export async function runProgram(
  flags: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawnProgram(flags, settings);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const main = join(import.meta.dirname, '../src/main.ts');

function spawnProgram(
  flags: readonly string[],
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, [main, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ HW_HTTP_PORT: '0', ...settings }),
  });
}
