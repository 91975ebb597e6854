import { spawnSync } from 'node:child_process';
import { parts, toolsMissing } from './parts.ts';

// `npm run test:clients` runs what this machine has the tools for, and says what it leaves out;
// `npm run test:clients -- go kcl` runs these parts alone. Flags go to Vitest: `-u` writes the tables.
const given = process.argv.slice(2);
const flags = given.filter((word) => word.startsWith('-'));
const names = given.filter((word) => !word.startsWith('-'));
const unknown = names.filter((name) => !parts.some((part) => part.name === name));

if (unknown.length > 0) {
  const known = parts.map(({ name }) => name).join(', ');
  process.stderr.write(`There is no part ${unknown.join(', ')}. Name one of ${known}.\n`);
  process.exitCode = 2;
} else {
  const wanted = parts.filter(({ name }) => names.length === 0 || names.includes(name));
  const files = wanted.flatMap((part) => {
    const missing = toolsMissing(part);
    if (missing.length === 0) return [`test/clients/${part.name}.clients.test.ts`];
    const reason = `This machine lacks ${missing.join(' and ')}.`;
    process.stdout.write(`Client tests left out: ${part.clients}. ${reason}\n`);
    return [];
  });
  if (files.length === 0) process.stdout.write('No client test ran.\n');
  else run(['run', '--project', 'clients', ...files, ...flags]);
}

function run(args: readonly string[]): void {
  process.exitCode = spawnSync('vitest', args, { stdio: 'inherit' }).status ?? 1;
}
