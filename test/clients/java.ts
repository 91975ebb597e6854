import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cached } from './cached.ts';
import { runCommand, type Command } from './run-command.ts';

/** A module of the directory `java`: sources with the libraries of one version. */
export type JavaModule = 'sdk1' | 'sdk2' | 'sdk2-old' | 'kcl';

/**
 * Compiles every module once, with the libraries that the `pom.xml` files pin and that Maven keeps where it
 * always does.
 *
 * @returns the folder of classes, for `javaProgram`
 */
export async function prepareJava(): Promise<string> {
  return cached({
    name: 'java',
    sources: 'java/**/*.{java,xml}',
    tool: await runCommand({ command: 'javac', args: ['-version'] }),
    make: async (folder) => {
      // Without the network first: that is faster, and enough when Maven has seen these libraries.
      await compile(folder, ['--offline']).catch(() => compile(folder, []));
    },
  });
}

/**
 * A program of a module, to be run with its libraries.
 *
 * @throws {Error} when Maven no longer has them; the classes are then removed, so that the next run
 * compiles
 */
export async function javaProgram(
  folder: string,
  module: JavaModule,
  mainClass: string,
  args: readonly string[] = [],
): Promise<Command> {
  const libraries = (await readFile(join(folder, module, 'classpath'), 'utf8')).trim();
  const missing = libraries.split(delimiter).find((path) => !existsSync(path));
  if (missing !== undefined) {
    await rm(folder, { recursive: true });
    throw new Error(`${missing} is gone from Maven's repository: run the tests again`);
  }
  const classpath = [join(folder, module, 'classes'), libraries].join(delimiter);
  // A short life is not worth the second compiler.
  const quickly = '-XX:TieredStopAtLevel=1';
  return { command: 'java', args: [quickly, '-classpath', classpath, mainClass, ...args] };
}

async function compile(folder: string, flags: readonly string[]): Promise<void> {
  const args = ['--quiet', '--batch-mode', ...flags, 'compile', `-Doutput=${folder}`];
  const directory = join(import.meta.dirname, 'java');
  await runCommand({ command: 'mvn', args, directory });
}
