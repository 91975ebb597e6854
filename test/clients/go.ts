import { join } from 'node:path';
import { cached } from './cached.ts';
import { runCommand } from './run-command.ts';

/**
 * Builds the programs of the directory `go` once, with the modules that `go.mod` pins.
 *
 * @returns the folder of the programs
 */
export async function prepareGo(): Promise<string> {
  return cached({
    name: 'go',
    sources: 'go/**/*.{go,mod,sum}',
    tool: await runCommand({ command: 'go', args: ['version'] }),
    make: async (folder) => {
      const args = ['build', '-mod=readonly', '-o', `${folder}/`, './...'];
      const env = { GOTOOLCHAIN: 'local' };
      await runCommand({ command: 'go', args, env, directory: join(import.meta.dirname, 'go') });
    },
  });
}
