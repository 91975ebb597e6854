import { childEnvironment } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../clients/cached.ts';
import { runCommand } from '../clients/run-command.ts';

/** An engine that listens. Disposing it kills it, as a crash would. */
export interface Engine extends AsyncDisposable {
  readonly port: number;
}

/**
 * Makes a virtual environment with chDB, once.
 *
 * @returns the path of its interpreter
 */
export async function prepareEngine(): Promise<string> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const folder = await cached({
    name: 'chdb',
    sources: '../clickhouse/requirements.txt',
    tool: await runCommand({ command: 'python3', args: ['--version'] }),
    make: async (venv) => {
      await runCommand({ command: 'python3', args: ['-m', 'venv', venv] });
      // Its dependencies are for data frames, which nobody here has.
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      const args = [...install, '--no-deps', '--requirement', requirements];
      await runCommand({ command: join(venv, 'bin/python'), args });
    },
  });
  return join(folder, 'bin/python');
}

/** Starts the engine over a directory, which keeps the rows when it is killed. */
export async function startEngine(
  interpreter: string,
  directory: string,
  { password }: { readonly password: string },
): Promise<Engine> {
  // chDB reads a `config.xml` where it runs.
  const empty = join(directory, 'empty');
  await mkdir(empty, { recursive: true });
  const args = [join(import.meta.dirname, 'engine.py'), join(directory, 'data'), password];
  const child = spawn(interpreter, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: childEnvironment({}),
    cwd: empty,
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const port = Number(String(line));
  if (!(port > 0)) throw new Error(`chDB did not start: ${String(line)}`);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
