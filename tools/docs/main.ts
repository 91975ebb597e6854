import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pages } from './pages.ts';

// Writes every page that follows from the code.
const root = fileURLToPath(new URL('../..', import.meta.url));
for (const [path, render] of Object.entries(pages)) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), render());
}
