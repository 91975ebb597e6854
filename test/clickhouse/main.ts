import { spawnSync } from 'node:child_process';

// `npm run test:clickhouse` runs what this machine has the tools for, and says what it leaves out. Flags
// go to Vitest.
const needs = [
  {
    files: [
      'clickhouse-store',
      'clickhouse-reader',
      'clickhouse-tables',
      'convergence',
      'copy',
      'docs',
      'doctor',
      'row-dashboards',
    ],
    subject: 'today’s ClickHouse, as chDB',
    reason: 'It needs Python 3.9 or newer with venv, on Linux or macOS.',
    isHere: succeeds('python3', [
      '-c',
      'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))',
    ]),
  },
  {
    files: ['debian'],
    subject: 'a server, as of 2018',
    reason: 'It needs apt-get with a package clickhouse-server, which Debian 12 has.',
    isHere: succeeds('apt-cache', ['show', 'clickhouse-server']),
  },
];

const files = needs.flatMap(({ files: names, subject, reason, isHere }) => {
  if (isHere) return names.map((name) => `test/clickhouse/${name}.clickhouse.test.ts`);
  process.stdout.write(`ClickHouse tests left out: ${subject}. ${reason}\n`);
  return [];
});
if (files.length === 0) process.stdout.write('No ClickHouse test ran.\n');
else {
  const args = ['run', '--project', 'clickhouse', ...files, ...process.argv.slice(2)];
  process.exitCode = spawnSync('vitest', args, { stdio: 'inherit' }).status ?? 1;
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
