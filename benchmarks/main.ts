import { readdirSync } from 'node:fs';

// `npm run bench` runs every benchmark but the long ones; `npm run bench -- <name> [options]` runs one.
const longNames: readonly string[] = ['dashboard-hour', 'soak'];
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const words = process.argv.slice(2);
const optionsAt = words.findIndex((word) => word.startsWith('--'));
const wanted = optionsAt === -1 ? words : words.slice(0, optionsAt);
const options = optionsAt === -1 ? [] : words.slice(optionsAt);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(', ')}; there are: ${names.join(', ')}.\n`);
  process.exit(2);
}
const all = names.filter((name) => !longNames.includes(name));
for (const name of wanted.length > 0 ? wanted : all) {
  process.stdout.write(`\n# ${name}\n\n`);
  const bench = (await import(`./${name}/bench.ts`)) as {
    run: (options: readonly string[]) => Promise<void>;
  };
  await bench.run(options);
}
