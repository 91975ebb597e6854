import { childEnvironment } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A program to run to its end. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the inherited environment, without the settings of Highwater and AWS. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; this process's directory unless given. */
  readonly directory?: string;
}

/** Ends what hangs; measures nothing. */
const timeLimitMs = 900_000;

/**
 * Runs a program and returns its output.
 *
 * @throws {Error} with the whole output, when the exit code is not 0
 */
export async function runCommand({ command, args, env = {}, directory }: Command): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(env),
    cwd: directory,
    timeout: timeLimitMs,
    killSignal: 'SIGKILL',
  });
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  if (code === 0) return output;
  const ending = signal ?? `exit code ${code}`;
  throw new Error(`${command} ${args.join(' ')} ended with ${ending}:\n${output}\n${errors}`);
}
