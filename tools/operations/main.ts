import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withOperations } from './render-operations.ts';
import { servers } from './servers.ts';

// Writes the comparison of operations into the READMEs: of the servers that are named, or of all.
const named = process.argv.slice(2);
const unknown = named.filter((name) => !servers.some((server) => server.name === name));
if (unknown.length > 0) {
  const known = servers.map(({ name }) => name).join(', ');
  process.stderr.write(`There is no server ${unknown.join(', ')}; there are ${known}.\n`);
  process.exit(2);
}
for (const server of servers) {
  if (named.length > 0 && !named.includes(server.name)) continue;
  const path = fileURLToPath(new URL(`../../apps/${server.name}/README.md`, import.meta.url));
  await writeFile(path, withOperations(await readFile(path, 'utf8'), server));
}
