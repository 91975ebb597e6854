import { readdirSync, readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { missingFunctions } from '../../src/functions/missing-functions.ts';
import { findFunction, functionFamilies } from '../../src/functions/registry.ts';
import { functionTable } from './function-table.ts';

const page = new URL('../../../../docs/reference/timestream-local-functions.md', import.meta.url);

const between = /(<!-- functions -->\n)[\s\S]*(<!-- end of functions -->)/;

describe('the table of functions in the docs', () => {
  // `npx vitest run --project unit apps/timestream-local/test/functions -u` rewrites it.
  it('lists every function of the registry, and the missing ones', async () => {
    const text = readFileSync(page, 'utf8');
    expect(text).toMatch(between);
    const table = text.replace(between, `$1\n${functionTable()}\n\n$2`);
    const options = await resolveConfig(page);
    const formatted = await format(table, { ...options, parser: 'markdown' });
    await expect(formatted).toMatchFileSnapshot(page.pathname);
  });

  // A function that no test calls might not work at all.
  it('lists only functions that a test calls', () => {
    const files = ['functions', 'query'].flatMap((name) => {
      const directory = new URL(`../${name}/`, import.meta.url);
      return readdirSync(directory).map((file) => new URL(file, directory));
    });
    const tests = files.map((file) => readFileSync(file, 'utf8').toLowerCase()).join('\n');
    const names = functionFamilies.flatMap(({ functions }) => functions.map(({ name }) => name));
    const called = (name: string) => new RegExp(String.raw`(?<!\.|\w)${name}\(`).test(tests);
    expect(names.filter((name) => !called(name))).toEqual([]);
  });

  it('lists no available function as missing, and none twice', () => {
    const served = functionFamilies.flatMap(({ functions }) => functions.map(({ name }) => name));
    const missing = Object.values(missingFunctions).flat();
    expect(missing.filter((name) => findFunction(name))).toEqual([]);
    const all = [...served, ...missing];
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
    const titles = functionFamilies.map(({ title }) => title);
    expect(Object.keys(missingFunctions).toSorted()).toEqual(titles.toSorted());
  });
});
