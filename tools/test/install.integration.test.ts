import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

// Goal: nobody waits for an installation that is there, and nobody starts without one. Method: the real script
// in small trees, with a program in place of npm that notes that it was called.

const install = fileURLToPath(new URL('../install.mjs', import.meta.url));

type Packages = Readonly<Record<string, object>>;

const elsewhere = process.platform === 'darwin' ? 'linux' : 'darwin';
const glibcIsHere =
  'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header;
const zod = { version: '4.6.7', integrity: 'sha512-zod' };
const workspace = { version: '0.1.0', dependencies: { zod: '4.6.7' } };
const lock: Packages = {
  '': { name: 'tree', workspaces: ['packages/*'] },
  'packages/model': workspace,
  'node_modules/@tree/model': { resolved: 'packages/model', link: true },
  'node_modules/zod': zod,
};
const { '': _root, ...all } = lock;

/** An optional package, in the lock file alone. */
const lockWith = (entry: object, path = 'node_modules/native'): Packages => ({
  ...lock,
  [path]: { version: '1.0.0', integrity: 'sha512-native', optional: true, ...entry },
});

async function write(path: string, content: object | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
}

/**
 * A tree as npm leaves it.
 *
 * @param installed what npm says it has installed; absent when it never ran
 * @param missing packages whose directories are gone
 */
async function makeTree(
  packages: Packages,
  installed?: Packages,
  missing: readonly string[] = [],
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'highwater-install-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await write(join(root, 'package-lock.json'), { lockfileVersion: 3, packages });
  await write(
    join(root, 'npm-cli.js'),
    `const fs = require('node:fs');
    fs.mkdirSync('node_modules', { recursive: true });
    fs.appendFileSync('npm-called', process.argv.slice(2).join(' ') + '\\n');`,
  );
  if (installed === undefined) return root;
  await write(join(root, 'node_modules/.package-lock.json'), { packages: installed });
  for (const path of Object.keys(installed).filter((each) => !missing.includes(each))) {
    await write(join(root, path, 'package.json'), {});
  }
  return root;
}

/** Runs the script in a tree, and returns whether it has called npm. */
async function installs(root: string): Promise<boolean> {
  await rm(join(root, 'npm-called'), { force: true });
  const child = spawn(process.execPath, [install], {
    cwd: root,
    env: { PATH: process.env['PATH'], npm_execpath: join(root, 'npm-cli.js') },
    stdio: 'ignore',
  });
  expect(await once(child, 'exit')).toEqual([0, null]);
  return existsSync(join(root, 'npm-called'));
}

describe('tools/install.mjs', () => {
  it.each<{ what: string; packages?: Packages; installed?: Packages }>([
    { what: 'what the lock file names', installed: all },
    {
      what: 'packages that came from another registry',
      installed: { ...all, 'node_modules/zod': { ...zod, resolved: 'https://example.org/zod' } },
    },
    { what: 'all but a package of another system', packages: lockWith({ os: [elsewhere] }) },
    { what: 'all but a package of another processor', packages: lockWith({ cpu: ['pdp11'] }) },
    {
      what: 'all but a package of another libc',
      packages: lockWith({ os: ['linux'], libc: [glibcIsHere ? 'musl' : 'glibc'] }),
    },
    {
      what: 'all but what this system is excluded from',
      packages: lockWith({ os: [`!${process.platform}`] }),
    },
    {
      what: 'all but what a package of another system is nested with',
      packages: {
        ...lockWith({ cpu: ['wasm32'] }),
        ...lockWith({}, 'node_modules/native/node_modules/core'),
      },
    },
  ])('treats $what as installed', async ({ packages = lock, installed = all }) => {
    expect(await installs(await makeTree(packages, installed))).toBe(false);
  });

  it.each<{ what: string; packages?: Packages; installed?: Packages; missing?: string[] }>([
    { what: 'nothing is installed' },
    {
      what: 'a package is not installed',
      installed: Object.fromEntries(Object.entries(all).filter(([path]) => !path.endsWith('zod'))),
    },
    {
      what: 'a package has another version',
      installed: { ...all, 'node_modules/zod': { ...zod, version: '4.6.6' } },
    },
    {
      what: 'a package has other bytes',
      installed: { ...all, 'node_modules/zod': { ...zod, integrity: 'sha512-other' } },
    },
    {
      what: 'a workspace had other dependencies',
      installed: { ...all, 'packages/model': { ...workspace, dependencies: {} } },
    },
    {
      what: 'there is a package that the lock file does not name',
      installed: { ...all, 'node_modules/old': { version: '1.0.0' } },
    },
    { what: 'a directory is gone', installed: all, missing: ['node_modules/zod'] },
    {
      what: 'an optional package of this system is absent',
      packages: lockWith({ os: [process.platform], cpu: [process.arch] }),
      installed: all,
    },
    {
      what: 'the install script of Node did not run',
      packages: { ...lock, 'node_modules/node': zod },
      installed: { ...all, 'node_modules/node': zod },
    },
  ])('installs when $what', async ({ packages = lock, installed, missing }) => {
    expect(await installs(await makeTree(packages, installed, missing))).toBe(true);
  });

  it("runs no package's own scripts except the one that installs Node", async () => {
    const root = await makeTree(lock);
    expect(await installs(root)).toBe(true);
    const called = (await readFile(join(root, 'npm-called'), 'utf8')).trim().split('\n');
    expect(called).toEqual([
      expect.stringMatching(/^ci .*--ignore-scripts(?!=)/),
      expect.stringMatching(/^rebuild node --ignore-scripts=false/),
    ]);
  });

  it('tries once for an optional package that is unavailable here', async () => {
    const root = await makeTree(lockWith({}), all);
    expect(await installs(root)).toBe(true);
    expect(await installs(root)).toBe(false);
  });

  it('installs again when the lock file has changed since', async () => {
    const root = await makeTree(lockWith({}), all);
    expect(await installs(root)).toBe(true);
    await write(join(root, 'package-lock.json'), { packages: lockWith({ version: '1.0.1' }) });
    expect(await installs(root)).toBe(true);
  });
});
