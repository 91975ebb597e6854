// Checks whether node_modules matches package-lock.json, whoever installed it. npm records the
// installed packages in node_modules/.package-lock.json, as the last step of an installation.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tree = 'node_modules/.package-lock.json';
// The Node that scripts run with comes with an install script, which `--ignore-scripts` leaves out.
const nodes = ['node_modules/node/bin/node', 'node_modules/node/bin/node.exe'];

/**
 * Whether every package of the lock file is installed, and no other.
 *
 * A package that is optional may be absent where its platform is another.
 *
 * @param mayLackOptional whether optional packages of this platform may be absent, too
 */
export function isInstalled({ packages: wanted }, { mayLackOptional }) {
  const installed = readInstalled();
  if (installed === undefined) return false;
  const mayBeAbsent = (entry) =>
    entry.optional === true && (mayLackOptional || !isForHere(entry, wanted));
  return (
    Object.entries(wanted).every(
      ([path, entry]) =>
        path === '' ||
        (path in installed
          ? isSame(entry, installed[path]) && isThere(path)
          : mayBeAbsent({ path, ...entry })),
    ) &&
    Object.keys(installed).every((path) => path in wanted) &&
    (!('node_modules/node' in wanted) || nodes.some((path) => existsSync(path)))
  );
}

function readInstalled() {
  try {
    return JSON.parse(readFileSync(tree, 'utf8')).packages;
  } catch {
    // Nothing is installed, or not by npm.
    return undefined;
  }
}

/** The addresses that packages came from may differ: a lock file need not have them. */
function isSame(wanted, installed) {
  return identityOf(wanted) === identityOf(installed);
}

/** A workspace has no hash; what it depends on is all that an installation takes from it. */
function identityOf({ version, integrity, link, ...entry }) {
  const isHashed = integrity !== undefined || link === true;
  const own = isHashed ? [] : [entry.dependencies, entry.optionalDependencies, entry.bin];
  return JSON.stringify([version, integrity, link, ...own]);
}

function isThere(path) {
  return existsSync(join(path, 'package.json'));
}

/** Whether the platform matches a package, and its parent package. */
function isForHere({ path, os, cpu, libc }, packages) {
  const outer = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')));
  return (
    fits(os, process.platform) &&
    fits(cpu, process.arch) &&
    (libc === undefined || fits(libc, libcOfHere())) &&
    (outer === '' || isForHere({ path: outer, ...packages[outer] }, packages))
  );
}

function fits(allowed, here) {
  if (allowed === undefined) return true;
  if (allowed.includes(`!${here}`)) return false;
  return allowed.includes(here) || allowed.every((name) => name.startsWith('!'));
}

function libcOfHere() {
  if (process.platform !== 'linux') return '';
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}
