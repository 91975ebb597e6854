import { readdirSync } from 'node:fs';

// `npm run bench` runs every benchmark; `npm run bench -- <name>` runs one.
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}; there are: ${names.join(', ')}.\n`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : names) {
  process.stdout.write(`\n# ${name}\n\n`);
  const { run } = (await import(`./${name}/bench.ts`)) as { run: () => Promise<void> };
  await run();
}
