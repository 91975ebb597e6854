import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeBlocks } from '../code-blocks.ts';
import { addressOf, anchorOf, SourcePages } from '../source-pages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const listing = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
const files = listing.toString().split('\0').slice(0, -1);
// git also lists a file that was deleted but is not committed yet.
const sourcePages = new SourcePages(
  root,
  files.filter((path) => existsSync(join(root, path))),
);
const icon = `data:image/svg+xml,${encodeURIComponent(read('apps/dashboard/web/icon.svg'))}`;
const { description } = JSON.parse(read('package.json'));

/** The sections of docs/index.md, with the pages that their lists link to, in the same order. */
function readSidebar() {
  const [, ...sections] = read('docs/index.md').split(/^## /m);
  return sections.map((section) => {
    const list = section.match(/^- .*$/gm).join('\n');
    const links = [...list.matchAll(/\[([^\]]+)\]\(([^)#]+\.md)\)/g)];
    return {
      text: section.split('\n', 1)[0],
      items: links.map(([, [first, ...rest], path]) => ({
        text: first.toUpperCase() + rest.join(''),
        link: addressOf(new URL(path, 'file:///docs/').pathname.slice(1)),
      })),
    };
  });
}

/**
 * Vite looks for packages in the directories of the pages and above them, but they are in this one. The
 * server build imports Vue when it runs: from a page it would find none, and bundled it would be a second one.
 */
const packagesOfPages = {
  name: 'packages-of-pages',
  enforce: 'pre',
  resolveId(id, importer = '', { ssr }) {
    if (!/^(vue|@vue)(\/|$)/.test(id)) return undefined;
    if (ssr) return { id, external: true };
    return importer.endsWith('.md')
      ? this.resolve(id, fileURLToPath(import.meta.url), { skipSelf: true })
      : undefined;
  },
};

/** The site of all pages of the repository, from the files as they are. */
export default {
  title: 'Highwater',
  description,
  lang: 'en-US',
  head: [['link', { rel: 'icon', href: icon }]],
  srcDir: '../..',
  outDir: '../../.cache/site',
  cacheDir: '../../.cache/vitepress',
  srcExclude: ['**/node_modules/**', 'tools/**'],
  rewrites: (path) => addressOf(path).slice(1),
  markdown: {
    // Shiki has no colors for this language.
    languages: [{ name: 'promql', scopeName: 'source.promql', patterns: [] }],
    anchor: { slugify: anchorOf },
    config: (md) => md.use(codeBlocks).use(sourcePages.links),
  },
  vite: { plugins: [packagesOfPages], build: { chunkSizeWarningLimit: 1000 } },
  themeConfig: {
    logo: icon,
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial' },
      { text: 'Concepts', link: '/docs/concepts' },
      { text: 'Settings', link: '/docs/reference/settings' },
      { text: 'All pages', link: '/docs/' },
    ],
    sidebar: readSidebar(),
    outline: 'deep',
    search: { provider: 'local' },
  },
  buildEnd: ({ outDir }) => sourcePages.write(outDir),
};
