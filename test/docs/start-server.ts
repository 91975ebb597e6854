import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../end-to-end/local-pipeline.ts';

/** A server that was started by a command of a page, on a free port. */
export interface CommandedServer {
  /** Where it listens, `127.0.0.1:port`. */
  readonly address: string;
  /** Asks it to stop, and waits for its exit code. */
  stop(): Promise<number | null>;
}

/** Runs a command that starts one of the local servers, and waits until it serves its API. */
export async function startServer(
  command: string,
  cwd: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<CommandedServer> {
  const ports = { HW_KINESIS_LOCAL_PORT: '0', HW_TIMESTREAM_LOCAL_PORT: '0', HW_HTTP_PORT: '0' };
  // The server takes the place of the shell, so that it gets the signal.
  const child = spawn('bash', ['-c', `exec ${command}`], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...ports, ...settings },
  });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8');
    output.on('data', (text: string) => (printed += text));
  }
  const exited = once(child, 'exit');
  const listening = /"port":(\d+),"msg":"Serving the \w+ API\."/;
  await until(
    async () => printed,
    (text) => listening.test(text) || child.exitCode !== null,
  );
  const [, port] = listening.exec(printed) ?? [];
  if (port === undefined) child.kill('SIGKILL');
  if (port === undefined) throw new Error(`${command} does not serve:\n${printed}`);
  return {
    address: `127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
