import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../src/views/check-file.ts';

const root = new URL('../../../../', import.meta.url);
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'views-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function check(text: string) {
  const path = join(directory, 'views.yaml');
  await writeFile(path, text);
  const { views, problems } = await checkFile(path);
  return { views, problems: problems.map((problem) => problem.slice(path.length + 1)) };
}

describe('checkFile', () => {
  it.each(['docs/examples/views.yaml', 'apps/local/views.yaml', 'test/compose/views.yml'])(
    'accepts %s',
    async (path) => {
      const { problems } = await checkFile(fileURLToPath(new URL(path, root)));
      expect(problems).toEqual([]);
    },
  );

  it('reports two views that could write the same row, at the later one', async () => {
    const { problems } = await check(
      ['views:', ...['a', 'b'].map((n) => `  - { name: ${n}, window: { tumbling: 5m } }`)].join(
        '\n',
      ),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^3:5: .* same row as view a, .*avg_x \{host=x\}, window 2026-/);
  });

  it('reports every problem at once, with its line and column, in the order of the file', async () => {
    const { problems } = await check(
      [
        'views:',
        '  - name: a b',
        '    window: { tumbling: 5x }',
        '    odd: 1',
        '  - name: v',
        '    window: { tumbling: 5m, offset: 6m }',
      ].join('\n'),
    );
    const places = problems.map((problem) => problem.split(': ')[0]);
    expect(places).toEqual(['2:5', '3:15', '4:5', '6:29']);
  });

  it.each([
    ['what is not YAML', 'views: [', /flow/i],
    ['an empty file', '', /expected object/],
  ])('reports %s', async (_, text, message) => {
    const { problems } = await check(text);
    expect(problems.join('\n')).toMatch(message);
  });

  it('reports a missing file', async () => {
    const { problems } = await checkFile(join(directory, 'none.yaml'));
    expect(problems.join('\n')).toMatch(/:1:1: cannot be read: ENOENT/);
  });
});
