import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageFiles } from '../src/http/page-files.ts';

it('builds the page once, however many processes ask at the same time', async () => {
  const log = { info: () => undefined };
  const [first, second] = await Promise.all([pageFiles(log), pageFiles(log)]);
  expect(second).toBe(first);
  expect(await pageFiles(log)).toBe(first);
  const files = await readdir(first);
  expect(files).toContain('index.html');
  expect(
    (await readdir(join(first, 'assets'))).filter((name) => name.endsWith('.js.br')),
  ).toHaveLength(1);
});
