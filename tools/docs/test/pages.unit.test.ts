import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, renderPage } from '../pages.ts';
import { root } from '../source-files.ts';

describe('the generated pages', () => {
  it.each(Object.entries(pages))('%s is up to date; run npm run docs', async (path, render) => {
    expect(readFileSync(resolve(root, path), 'utf8')).toBe(await renderPage(path, render));
  });
});
