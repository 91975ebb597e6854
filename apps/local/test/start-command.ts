import { systemClock } from '@highwater/service';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The program of the local stack. */
export const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** The local stack as a command with its output in a pipe. Disposal kills it if it still runs. */
export interface RunningCommand extends Disposable {
  readonly child: ChildProcess;
  /** Everything that it has printed so far. */
  output(): string;
  /** Waits for its end. */
  exitCode(): Promise<number | null>;
  /** Waits until everything runs. */
  ready(): Promise<void>;
}

/** Starts it, without the settings of the environment. */
export function startCommand(
  flags: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, [main, ...flags], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close');
  return {
    child,
    output: () => output,
    exitCode: async () => {
      await closed;
      return child.exitCode;
    },
    ready: async () => {
      while (!output.includes('Ready after')) {
        if (child.exitCode !== null) throw new Error(`ended early: ${output}`);
        await systemClock.sleep(50);
      }
    },
    [Symbol.dispose]: () => {
      child.kill('SIGKILL');
    },
  };
}
