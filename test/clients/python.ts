import { join } from 'node:path';
import { cached } from './cached.ts';
import { runCommand, type Command } from './run-command.ts';

/**
 * Makes a virtual environment with what `requirements.txt` pins, once.
 *
 * @returns the path of its interpreter
 */
export async function preparePython(): Promise<string> {
  const requirements = 'python/requirements.txt';
  const folder = await cached({
    name: 'python',
    sources: requirements,
    tool: await runCommand({ command: 'python3', args: ['--version'] }),
    make: async (venv) => {
      await runCommand({ command: 'python3', args: ['-m', 'venv', venv] });
      const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      const pinned = ['--requirement', join(import.meta.dirname, requirements)];
      await runCommand({ command: interpreterIn(venv), args: [...install, ...pinned] });
    },
  });
  return interpreterIn(folder);
}

/** A script of the directory `python`, to be run by this interpreter. */
export function pythonScript(interpreter: string, name: string): Command {
  return { command: interpreter, args: [join(import.meta.dirname, 'python', name)] };
}

function interpreterIn(venv: string): string {
  return join(venv, 'bin/python');
}
