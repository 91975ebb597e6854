import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { MarkdownIt, Token } from './markdown.ts';

/** The address of a Markdown page in the site. The README.md of a directory is its start page. */
export function addressOf(path: string): string {
  return `/${path.replace(/(^|\/)README\.md$/, '$1index.md')}`;
}

/** The anchor of a heading, as GitHub makes it. Links in the pages are written for GitHub. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/**
 * The links of pages within the repository. A page may link to a source file or to a directory. The site has
 * a plain page for each of these, so that the link works for a reader who does not have the repository.
 */
export class SourcePages {
  readonly #root: string;
  readonly #files: ReadonlySet<string>;
  readonly #linked = new Set<string>();

  /**
   * @param root the directory of the repository
   * @param files its files, relative to it, with `/`
   */
  constructor(root: string, files: readonly string[]) {
    this.#root = root;
    this.#files = new Set(files);
  }

  /** A plugin of markdown-it: gives each link its address in the site, and refuses one that leads nowhere. */
  readonly links = ({ core }: MarkdownIt): void => {
    core.ruler.push('addresses-in-the-site', ({ tokens, env }) => {
      const page = relative(this.#root, env.realPath ?? env.path).replaceAll(sep, '/');
      for (const { children } of tokens) {
        for (const token of children ?? []) {
          if (token.type === 'link_open') this.#address(token, page);
        }
      }
    });
  };

  #address(link: Token, page: string): void {
    const target = decodeURI(link.attrGet('href') ?? '');
    if (/^([a-z]+:|#)/.test(target)) return;
    const [to = '', anchor] = target.split('#');
    const path = posix.join(posix.dirname(page), to).replace(/\/$/, '');
    const markdown = [path, `${path}/README.md`].find((each) => this.#isPage(each));
    if (markdown === undefined && !this.#files.has(path) && this.#filesIn(path).length === 0) {
      throw new Error(`${page} links to ${to}, which does not exist. Correct the link.`);
    }
    const address = markdown === undefined ? sourceAddressOf(path) : addressOf(markdown);
    link.attrSet('href', anchor === undefined ? address : `${address}#${anchor}`);
    if (markdown !== undefined) return;
    this.#linked.add(path);
    // Otherwise, VitePress takes the address for one of its own pages.
    link.attrSet('target', '_self');
  }

  #isPage(path: string): boolean {
    return path.endsWith('.md') && !path.startsWith('tools/') && this.#files.has(path);
  }

  #filesIn(directory: string): readonly string[] {
    return [...this.#files].filter((path) => path.startsWith(`${directory}/`));
  }

  /** Writes a page for each file and directory that a page links to, and for each file in such a directory. */
  async write(outDir: string): Promise<void> {
    const files = new Set<string>();
    for (const path of this.#linked) {
      const inside = this.#filesIn(path);
      if (inside.length > 0) await writePage(outDir, path, listOf(path, inside));
      for (const file of inside.length > 0 ? inside : [path]) files.add(file);
    }
    for (const file of files) {
      const text = await readFile(join(this.#root, file), 'utf8');
      const isText = !text.includes('\0');
      const body = isText ? `<pre>${escapeHtml(text)}</pre>` : '<p>This file is not text.</p>';
      await writePage(outDir, file, body);
    }
  }
}

/** Web servers hide files whose names begin with a dot. */
function sourceAddressOf(path: string): string {
  return `/source/${path.replaceAll(/(?<=^|\/)\./g, 'dot-')}.html`;
}

function listOf(directory: string, files: readonly string[]): string {
  const items = files.map((path) => {
    const name = escapeHtml(posix.relative(directory, path));
    return `<li><a href="${sourceAddressOf(path)}">${name}</a></li>`;
  });
  return `<ul>\n${items.join('\n')}\n</ul>`;
}

async function writePage(outDir: string, path: string, body: string): Promise<void> {
  const file = join(outDir, sourceAddressOf(path));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, htmlPage(escapeHtml(path), body));
}

function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en-US">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} | Highwater</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; }
body { margin: 2rem; font-family: system-ui, sans-serif; }
h1 { font-size: 1.1rem; }
pre, li { font: 0.85rem/1.6 ui-monospace, monospace; tab-size: 2; }
</style>
</head>
<body>
<p><a href="/">Highwater</a></p>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
