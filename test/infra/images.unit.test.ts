import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// Goal: the images that run are the reviewed ones, even if a tag changes. Method: check the names
// of all third-party images, wherever they occur.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const compose = read('docker-compose.yml');
const dockerfile = read('infra/docker/Dockerfile');

const built = Object.fromEntries(
  [...dockerfile.matchAll(/^ARG (\w+_IMAGE)=(.+)$/gm)].map(([, name = '', image = '']) => [
    name,
    image,
  ]),
);
const given = Object.fromEntries(
  [...compose.matchAll(/\$\{(\w+_IMAGE):-([^}]*)\}/g)].map(([, name = '', image = '']) => [
    name,
    image,
  ]),
);

describe('third-party images', () => {
  it.each(Object.entries({ ...built, ...given }))('%s has a tag and a digest', (_, image) => {
    expect(image).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
  });

  it('are the only ones with such a name', () => {
    const run = [...compose.matchAll(/^ +image: (.+)$/gm)].map(([, image = '']) => image);
    const others = run.filter((image) => !image.startsWith('highwater/'));
    expect(others.filter((image) => !/^\$\{\w+_IMAGE:-[^}]+\}$/.test(image))).toEqual([]);
    const stages = new Set([...dockerfile.matchAll(/ AS ([\w-]+)$/gm)].map(([, name]) => name));
    const from = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name = '']) => name);
    expect(from.filter((name) => !stages.has(name) && !/^\$\{\w+_IMAGE\}$/.test(name))).toEqual([]);
  });

  it('are built from the same base by Compose and by hand', () => {
    expect(Object.keys(built)).toEqual(['NODE_IMAGE', 'RUNTIME_IMAGE']);
    expect(given).toMatchObject(built);
  });

  it('have the Node version of the tests', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    expect(built['NODE_IMAGE']).toContain(`node:${devDependencies['node']}-`);
  });

  it('install only plugins with a fixed version', () => {
    const [, plugins = ''] = /GF_INSTALL_PLUGINS: (.+)$/m.exec(compose) ?? [];
    for (const plugin of plugins.split(','))
      expect(plugin.trim()).toMatch(/^[\w-]+ \d+\.\d+\.\d+$/);
  });
});
