import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Replacements for images on an engine without a registry: images made from packages, by these
 * names.
 */
const names = {
  NODE_IMAGE: 'node:24-bookworm-slim',
  RUNTIME_IMAGE: 'debian:bookworm-slim',
  PROMETHEUS_IMAGE: 'prom/prometheus:v2.53.3',
  POSTGRES_IMAGE: 'postgres:18.4-bookworm',
} as const;
type Name = keyof typeof names;

const defaults = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
let found: Promise<Readonly<Partial<Record<Name, string>>>> | undefined;

/**
 * The images that the test stack uses instead of missing ones. An image that the environment names
 * is used. A missing one without a replacement is pulled by digest.
 */
export function standIns(): Promise<Readonly<Partial<Record<Name, string>>>> {
  return (found ??= find());
}

/** The base image of Highwater's images. */
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
