// Installs what the lock file names, unless it is there already. Runs before `npm start` and `npm test`, on
// whatever Node is there (20 or newer), so it uses nothing but Node itself.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isInstalled } from './installed-tree.mjs';

// The installation that this script made. If an optional package is absent then, it is unavailable
// here.
const stamp = 'node_modules/.highwater-lock';
const lock = readFileSync('package-lock.json');
const wanted = createHash('sha256').update(lock).digest('hex');
const wasTried = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

if (!isInstalled(JSON.parse(lock.toString()), { mayLackOptional: wasTried })) {
  process.stderr.write(
    'Installing dependencies from package-lock.json (once, about half a minute).\n',
  );
  // No package may run a script of its own, which an npm before 12 would let all of them do; but the
  // Node that scripts run with is put in its place by one.
  await npm(
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  );
  await npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
  writeFileSync(stamp, wanted);
}

/** Runs the npm that runs this, or the one on the path. A signal ends it too, and its failure ends this. */
async function npm(...args) {
  const { npm_execpath: cli, npm_node_execpath: node = process.execPath } = process.env;
  const stdio = ['ignore', 2, 2];
  const child = cli?.endsWith('npm-cli.js')
    ? spawn(node, [cli, ...args], { stdio })
    : spawn('npm', args, { stdio, shell: process.platform === 'win32' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const exitCode = await new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`Cannot run npm: ${error.message}. Install npm, then try again.\n`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
  if (exitCode !== 0) process.exit(exitCode);
}
