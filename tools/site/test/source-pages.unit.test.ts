import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MarkdownIt, Token } from '../markdown.ts';
import { addressOf, anchorOf, SourcePages } from '../source-pages.ts';

const files = {
  'README.md': '# Tree\n',
  'docs/index.md': '# Pages\n',
  'docs/views.md': '# Views\n',
  'apps/server/README.md': '# Server\n',
  'apps/server/src/main.ts': 'export const isLess = 1 < 2;\n',
  'apps/server/src/icon.bin': 'a\0b',
  '.env.example': 'HW_LOG_LEVEL=info\n',
  'tools/site/README.md': '# Not a page\n',
};

/** The site of a small repository, with a function that gives a link of a page its address. */
async function smallSite() {
  const root = await mkdtemp(join(tmpdir(), 'highwater-site-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const sourcePages = new SourcePages(root, Object.keys(files));
  const address = (page: string, href: string) => {
    const attributes = new Map([['href', href]]);
    const link: Token = {
      type: 'link_open',
      info: '',
      content: '',
      children: null,
      attrGet: (name) => attributes.get(name) ?? null,
      attrSet: (name, value) => attributes.set(name, value),
    };
    const block = { ...link, type: 'inline', children: [link] };
    const push: MarkdownIt['core']['ruler']['push'] = (_, rule) =>
      rule({ tokens: [block], env: { path: join(root, page) } });
    const unused = () => '';
    const rules = { fence: unused, code_block: unused };
    sourcePages.links({ core: { ruler: { push } }, renderer: { rules } });
    return Object.fromEntries(attributes);
  };
  return { root, sourcePages, address };
}

describe('links', () => {
  it.each([
    { href: 'views.md', becomes: '/docs/views.md' },
    { href: 'views.md#fill-gaps', becomes: '/docs/views.md#fill-gaps' },
    { href: '../README.md', becomes: '/index.md' },
    { href: '../apps/server/README.md', becomes: '/apps/server/index.md' },
    { href: '../apps/server', becomes: '/apps/server/index.md' },
    { href: '#here', becomes: '#here' },
    { href: 'https://example.org/a.md', becomes: 'https://example.org/a.md' },
  ])('lead from $href to $becomes', async ({ href, becomes }) => {
    const { address } = await smallSite();
    expect(address('docs/index.md', href)).toEqual({ href: becomes });
  });

  it.each([
    { href: '../apps/server/src/main.ts', becomes: '/source/apps/server/src/main.ts.html' },
    { href: '../apps/server/src/', becomes: '/source/apps/server/src.html' },
    { href: '../.env.example', becomes: '/source/dot-env.example.html' },
    { href: '../tools/site/README.md', becomes: '/source/tools/site/README.md.html' },
  ])('lead out of the pages from $href to $becomes', async ({ href, becomes }) => {
    const { address } = await smallSite();
    expect(address('docs/index.md', href)).toEqual({ href: becomes, target: '_self' });
  });

  it.each(['nowhere.md', '../apps/server/src/main.js', '../apps/serve'])(
    'fail the build when they lead to %s, which does not exist',
    async (href) => {
      const { address } = await smallSite();
      expect(() => address('docs/views.md', href)).toThrow(
        `docs/views.md links to ${href}, which does not exist.`,
      );
    },
  );
});

describe('source pages', () => {
  it('show what pages link to, and all files in a directory among it', async () => {
    const { root, sourcePages, address } = await smallSite();
    address('docs/index.md', '../apps/server/src');
    const outDir = join(root, 'out');
    await sourcePages.write(outDir);
    const read = (path: string) => readFile(join(outDir, 'source/apps/server', path), 'utf8');
    expect(await read('src.html')).toContain(
      '<a href="/source/apps/server/src/main.ts.html">main.ts</a>',
    );
    expect(await read('src/main.ts.html')).toContain('<pre>export const isLess = 1 &lt; 2;');
    expect(await read('src/icon.bin.html')).toContain('This file is not text.');
  });
});

it('takes the README.md of a directory for its start page', () => {
  expect(addressOf('README.md')).toBe('/index.md');
  expect(addressOf('docs/decisions/README.md')).toBe('/docs/decisions/index.md');
  expect(addressOf('docs/views.md')).toBe('/docs/views.md');
});

it('makes the anchors of GitHub', () => {
  expect(anchorOf('Who may ask?')).toBe('who-may-ask');
  expect(anchorOf('`HW_RECOVER`, and 2 others')).toBe('hw_recover-and-2-others');
});
