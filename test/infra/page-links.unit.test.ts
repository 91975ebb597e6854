import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const pages = globSync(['*.md', 'docs/**/*.md', 'apps/*/README.md', 'benchmarks/README.md'], {
  cwd: fileURLToPath(root),
});

interface Link {
  readonly text: string;
  readonly path: string;
  readonly anchor: string | undefined;
}

/** The links to files of this repository, except those in code blocks. */
function linksOf(page: string): readonly Link[] {
  const text = read(new URL(page, root)).replaceAll(/^```[^]*?^```/gm, '');
  return [...text.matchAll(/\[([^\]]*)\]\(([^)\s]*)\)/g)]
    .filter(([, , target = '']) => !/^[a-z]+:/.test(target))
    .map(([, label = '', target = '']) => {
      const [path = '', anchor] = target.split('#');
      return { text: label, path, anchor };
    });
}

function read(file: URL): string {
  return readFileSync(file, 'utf8');
}

function fileOf(page: string, { path }: Link): URL {
  return new URL(path === '' ? page.replace(/^.*\//, '') : path, new URL(page, root));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(pages)('%s', (page) => {
  it('links to existing files and headings', () => {
    const broken = linksOf(page).filter((link) => {
      const file = fileOf(page, link);
      if (!existsSync(file)) return true;
      const isPage = file.pathname.endsWith('.md');
      return link.anchor !== undefined && isPage && !anchorsOf(read(file)).has(link.anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('docs/code.md', () => {
  it('names only things that are in the linked files', () => {
    const named = linksOf('docs/code.md').filter(({ text }) => text.startsWith('`'));
    expect(named.length).toBeGreaterThan(40);
    const missing = named.filter((link) => {
      const name = new RegExp(`\\b${link.text.slice(1, -1)}\\b`);
      return !name.test(read(fileOf('docs/code.md', link)));
    });
    expect(missing).toEqual([]);
  });
});

it('finds a broken link', () => {
  expect(pages).toContain('SECURITY.md');
  expect(linksOf('SECURITY.md').length).toBeGreaterThan(40);
  expect(existsSync(fileOf('README.md', { text: '', path: 'no-such-file', anchor: '' }))).toBe(
    false,
  );
  expect(anchorsOf('## Who may ask?\n')).toEqual(new Set(['who-may-ask']));
});
