import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What an engine without a registry may have in place of an image: made from packages, by these names. */
const names = {
  NODE_IMAGE: 'node:24-bookworm-slim',
  RUNTIME_IMAGE: 'debian:bookworm-slim',
  PROMETHEUS_IMAGE: 'prom/prometheus:v2.53.3',
} as const;
type Name = keyof typeof names;

const defaults = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
let found: Promise<Readonly<Partial<Record<Name, string>>>> | undefined;

/**
 * The images that the stack of the tests uses in place of those that are not here. One that the
 * environment names is used; one that is not here, and that nothing stands in for, is pulled by digest.
 */
export function standIns(): Promise<Readonly<Partial<Record<Name, string>>>> {
  return (found ??= find());
}

/** What our images are built on. */
export async function runtimeImage(): Promise<string> {
  const { RUNTIME_IMAGE: standIn } = await standIns();
  return standIn ?? process.env['RUNTIME_IMAGE'] ?? defaultOf('RUNTIME_IMAGE');
}

async function find() {
  const entries = Object.entries(names) as [Name, string][];
  const used = await Promise.all(
    entries.map(async ([name, standIn]) => {
      const isNeeded = process.env[name] === undefined && !(await isHere(defaultOf(name)));
      return isNeeded && (await isHere(standIn)) ? [[name, standIn] as const] : [];
    }),
  );
  return Object.fromEntries(used.flat());
}

function defaultOf(name: Name): string {
  return new RegExp(`^${name}=(.+)$`, 'm').exec(defaults)?.[1] ?? '';
}

async function isHere(image: string): Promise<boolean> {
  return run('docker', ['image', 'inspect', image]).then(
    () => true,
    () => false,
  );
}
