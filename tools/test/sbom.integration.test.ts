import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

// Goal: the list of components is complete. Method: compare `npm run sbom` with the lock file. (If
// development packages are omitted, npm also omits production packages that the root lists. So
// nothing is omitted, and development packages are marked.)

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly 'bom-ref': string;
  readonly hashes?: readonly { readonly alg: string }[];
  readonly licenses?: readonly object[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
interface Locked {
  readonly version: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const locked = Object.entries(packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
  .map(([path, entry]) => ({ ...entry, name: path.split('node_modules/').at(-1) ?? '' }));
const names = (each: readonly { readonly name: string; readonly version: string }[]) =>
  [...new Set(each.map(({ name, version }) => `${name}@${version}`))].toSorted();

const isForDevelopment = ({ properties }: Component) =>
  properties.some(({ name, value }) => name.endsWith(':development') && value === 'true');

describe('npm run sbom', () => {
  let foreign: readonly Component[];
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    });
    const bom = JSON.parse(stdout) as { bomFormat: string; components: readonly Component[] };
    assert.equal(bom.bomFormat, 'CycloneDX');
    foreign = bom.components.filter(({ purl }) => !purl.startsWith('pkg:npm/%40highwater/'));
  });
  const withFullName = (component: Component) => ({
    name: component['bom-ref'].split('|')[0]?.replace(/@[^@]+$/, '') ?? '',
    version: component.version,
  });

  it('lists every package of the lock file, and no others', () => {
    expect(names(foreign.map(withFullName))).toEqual(names(locked));
  });

  it('distinguishes production from development packages', () => {
    const production = foreign.filter((component) => !isForDevelopment(component));
    expect(names(production.map(withFullName))).toEqual(names(locked.filter(({ dev }) => !dev)));
  });

  it('has the hash of each, which identifies what was installed', () => {
    const without = foreign.filter(({ hashes }) => !hashes?.some(({ alg }) => alg === 'SHA-512'));
    expect(names(without.map(withFullName))).toEqual([]);
  });
});
