import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { build } from 'vite';

/**
 * Builds the page into a directory. Text files are also there as Brotli, which all browsers accept.
 */
export async function buildPage(directory: string): Promise<void> {
  await build({
    root: import.meta.dirname,
    logLevel: 'error',
    build: { outDir: directory, emptyOutDir: true },
  });
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    await writeFile(`${path}.br`, await promisify(brotliCompress)(await readFile(path)));
  }
}
