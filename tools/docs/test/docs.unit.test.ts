import { settings } from '@highwater/settings';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pages } from '../pages.ts';
import { programs } from '../programs.ts';

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

describe('the pages generated from the code', () => {
  it.each(Object.entries(pages))('%s equals the output of `npm run docs`', (path, render) => {
    expect(read(path)).toBe(render());
  });
});

describe('the programs', () => {
  it('have every setting between them, and no others', () => {
    const had = new Set(Object.values(programs).flatMap((shape) => Object.keys(shape)));
    expect([...had].toSorted()).toEqual(Object.keys(settings).toSorted());
  });
});
