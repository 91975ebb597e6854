import { readdirSync } from 'node:fs';

const longNames: readonly string[] = ['dashboard-hour', 'soak'];
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const words = process.argv.slice(2);
const optionsAt = words.findIndex((word) => word.startsWith('--'));
const all = names.filter((name) => !longNames.includes(name));
const help = `Runs benchmarks, and prints their results.

  npm run bench                        runs all benchmarks except the long ones
  npm run bench -- <name…> [options]   runs the named benchmarks

Benchmarks: ${all.join(', ')}
Long benchmarks: ${longNames.join(', ')}
benchmarks/README.md describes each benchmark and its options.
`;
if (words.includes('--help')) {
  process.stdout.write(help);
  process.exit(0);
}
const wanted = optionsAt === -1 ? words : words.slice(0, optionsAt);
const options = optionsAt === -1 ? [] : words.slice(optionsAt);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}. The benchmarks are: ${names.join(', ')}.\n`,
  );
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : all) {
  process.stdout.write(`\n# ${name}\n\n`);
  const bench = (await import(`./${name}/bench.ts`)) as {
    run: (options: readonly string[]) => Promise<void>;
  };
  await bench.run(options);
}
