import { CommanderError, type Command } from 'commander';
import { vi } from 'vitest';

/** The output of a command, and its exit code. */
export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the CLI in this process. */
export async function runCommand(command: Command, ...words: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const take = (each: Command) => {
    each.exitOverride().configureOutput({
      writeOut: (text) => (out += text),
      writeErr: (text) => (err += text),
    });
    each.commands.forEach(take);
  };
  take(command);
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    await command.parseAsync([...words], { from: 'user' });
    return { exitCode: 0, out, err };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode, out, err };
  } finally {
    written.mockRestore();
  }
}
