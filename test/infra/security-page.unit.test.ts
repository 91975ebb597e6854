import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = new URL('../../SECURITY.md', import.meta.url);

it('SECURITY.md links to files that are there', () => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(
    ([, link = '']) => link,
  );
  expect(links.length).toBeGreaterThan(40);
  expect(links.filter((link) => !existsSync(new URL(link, page)))).toEqual([]);
});
