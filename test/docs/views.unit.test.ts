import { parse } from 'yaml';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFile } from '../../apps/cli/src/views/check-file.ts';
import { testFile } from '../../apps/cli/src/views/trial/test-file.ts';
import { codeBlocks, root } from './code-blocks.ts';

interface ViewsFile {
  readonly views: readonly { readonly name: string }[];
}

const pathOf = (page: string) => fileURLToPath(new URL(page, root));
const recipes = parse(await readFile(pathOf('docs/examples/recipes.yaml'), 'utf8')) as ViewsFile;
const blocks = codeBlocks('docs/views.md', 'yaml');
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'docs-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function checkText(text: string) {
  const path = join(directory, 'views.yaml');
  await writeFile(path, text);
  const { problems } = await checkFile(path);
  return problems.map((problem) => problem.slice(directory.length + 1));
}

describe('docs/views.md', () => {
  const isRejected = (block: string) => block.includes('name: world');

  it('shows each recipe as it is in docs/examples/recipes.yaml, where it is tested', () => {
    const shown = blocks
      .filter((block) => !isRejected(block))
      .flatMap((block) => (parse(block) as ViewsFile).views);
    expect(shown).toEqual(recipes.views);
  });

  it.each(blocks.filter((block) => !isRejected(block)))(
    'has a block that can be used: %s',
    async (block) => {
      expect(await checkText(block)).toEqual([]);
    },
  );

  it('shows the message for two views that could write one row', async () => {
    const problems = await checkText(blocks.find(isRejected) ?? '');
    expect(codeBlocks('docs/views.md', 'text')).toContain(`${problems.join('\n')}\n`);
  });
});

describe('docs/test-views.md', () => {
  it('shows a test that passes, and what it prints when a value differs', async () => {
    const [test = ''] = codeBlocks('docs/test-views.md', 'yaml');
    const path = join(directory, 'views.test.yaml');
    await writeFile(
      join(directory, 'views.yaml'),
      await readFile(pathOf('docs/examples/views.yaml')),
    );
    await writeFile(path, test);
    expect(await testFile(path)).toMatchObject({ problems: [], results: [{ differences: [] }] });
    await writeFile(path, test.replace('value: 21 }', 'value: 20 }'));
    const { results } = await testFile(path);
    const differences = results.flatMap(({ name, differences: lines }) => [
      `✗ ${name}`,
      ...lines.map((line) => `    ${line}`),
    ]);
    const shown = `${differences.join('\n')}\n1 of 1 tests failed\n`;
    expect(codeBlocks('docs/test-views.md', 'text')).toContain(shown);
  });

  it('shows what a file with two mistakes gets', async () => {
    const lines = ['views:', '  - name: broken', '    window: { tumbling: 5x }', '    odd: 1'];
    const problems = await checkText(`${lines.join('\n')}\n`);
    const shown = `${problems.join('\n')}\n2 problems in views.yaml\n`;
    expect(codeBlocks('docs/test-views.md', 'text')).toContain(
      shown.replaceAll('views.yaml', 'broken.yaml'),
    );
  });

  it('shows what both commands print for the examples', async () => {
    const { views } = await checkFile(pathOf('docs/examples/views.yaml'));
    const checked = views.map(({ name, revision }) => `  ${name} revision ${revision}\n`);
    const { results } = await testFile(pathOf('docs/examples/views.test.yaml'));
    const tested = results.map(({ name }) => `✓ ${name}\n`);
    const shown = codeBlocks('docs/test-views.md', 'text');
    expect(shown).toContain(`docs/examples/views.yaml is valid:\n${checked.join('')}`);
    expect(shown).toContain(tested.join(''));
  });
});

describe('docs/examples/recipes.test.yaml', () => {
  it('tests each recipe', async () => {
    const path = pathOf('docs/examples/recipes.test.yaml');
    const { problems, results } = await testFile(path);
    expect(problems).toEqual([]);
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
    const { tests } = parse(await readFile(path, 'utf8')) as {
      readonly tests: readonly { readonly rows: object }[];
    };
    const tested = new Set(tests.flatMap(({ rows }) => Object.keys(rows)));
    expect(recipes.views.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });
});
