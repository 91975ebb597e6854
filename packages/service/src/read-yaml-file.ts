import { readFile } from 'node:fs/promises';
import { ConfigError } from './errors.ts';

/**
 * Reads a YAML (or JSON) file that a setting names. The caller validates the content.
 *
 * @throws {ConfigError} naming the file, when it cannot be read or is not YAML
 */
export async function readYamlFile(path: string): Promise<unknown> {
  try {
    // Loaded on demand: a service without such a file saves ten megabytes.
    const { parse } = await import('yaml');
    return parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const detail = error instanceof Error ? error.message : String(error);
    const problem = isMissing ? 'does not exist' : `cannot be read as YAML: ${detail}`;
    throw new ConfigError([`${path} ${problem}`], { cause: error });
  }
}
