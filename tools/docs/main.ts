import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pages, renderPage } from './pages.ts';
import { root } from './source-files.ts';

// Writes the generated pages of the documentation.
for (const [path, render] of Object.entries(pages)) {
  const file = resolve(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await renderPage(path, render));
}
