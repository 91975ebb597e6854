import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../end-to-end/local-pipeline.ts';

/** The ports that the pages write. */
const portsOf: Readonly<Record<string, string>> = {
  'kinesis-local': '4567',
  'timestream-local': '8787',
  dashboard: '8080',
};

/** A stack that was started by the command of a page. */
export interface CommandedStack extends AsyncDisposable {
  /** What it has printed, with its own ports. */
  readonly printed: string;
  /** A text of a page, with the ports of this stack in the place of the page's. */
  withPorts(text: string): string;
  /** Presses Ctrl-C and waits for the end. */
  interrupt(): Promise<void>;
}

/** Runs a command that starts the local stack, on free ports, and waits until it is ready. */
export async function startByCommand(command: string, cwd: string): Promise<CommandedStack> {
  // A group of its own, as a terminal makes one: Ctrl-C reaches npm and what it runs.
  const child = spawn('sh', ['-c', command], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HW_LOCAL_FREE_PORTS: 'true' },
  });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8');
    output.on('data', (text: string) => (printed += text));
  }
  const exited = once(child, 'exit');
  let hasExited = false;
  child.on('exit', () => (hasExited = true));
  const interrupt = async () => {
    if (!hasExited && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    await exited;
  };
  await until(
    async () => printed,
    (text) => hasExited || text.includes('Ready after'),
  );
  const own = (text: string) =>
    Object.entries(portsOf).reduce((changed, [service, port]) => {
      const found = new RegExp(`^${service} +http://127\\.0\\.0\\.1:(\\d+) `, 'm').exec(printed);
      return changed.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${found?.[1] ?? port}`);
    }, text);
  return {
    get printed() {
      return printed;
    },
    withPorts: own,
    interrupt,
    [Symbol.asyncDispose]: interrupt,
  };
}
