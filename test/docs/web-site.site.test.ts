import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../dashboard/launch-chromium.ts';
import { openPage } from '../dashboard/open-page.ts';
import { root } from './code-blocks.ts';
import { builtFiles, serveSite } from './served-site.ts';

let site: { readonly url: string } & AsyncDisposable;
let browser: Browser;

beforeAll(async () => {
  site = await serveSite();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

describe('the built site', () => {
  it('has a page for each page of the repository', () => {
    const patterns = ['*.md', 'docs/**/*.md', 'apps/*/README.md', 'benchmarks/README.md'];
    const pages = globSync(patterns, { cwd: fileURLToPath(root) });
    expect(pages.length).toBeGreaterThan(50);
    const built = new Set(builtFiles('**/*.html').map(({ path }) => path));
    const missing = pages
      .map((path) => path.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html'))
      .filter((path) => !built.has(path));
    expect(missing).toEqual([]);
  });

  it('links only to pages and headings that it has', () => {
    const pages = new Map(builtFiles('**/*.html').map(({ path, text }) => [path, text]));
    const links = [...pages].flatMap(([page, text]) =>
      [...text.matchAll(/<a[^>]* href="(?![a-z]+:)([^"]*)"/g)].map(([, href = '']) => {
        const { pathname, hash } = new URL(href, `http://site/${page}`);
        const to = decodeURI(pathname.slice(1)).replace(/(^|\/)$/, '$1index.html');
        return { page, href, to, anchor: decodeURI(hash.slice(1)) };
      }),
    );
    expect(links.length).toBeGreaterThan(3_000);
    const dead = links.filter(({ to, anchor }) => {
      const target = pages.get(to);
      return target === undefined || (anchor !== '' && !target.includes(`id="${anchor}"`));
    });
    expect(dead).toEqual([]);
  });

  it('has words of its pages in the search index', () => {
    const [index, ...others] = builtFiles('assets/chunks/@localSearchIndex*.js');
    expect(others).toEqual([]);
    expect(index?.text.includes('["watermark",')).toBe(true);
  });

  it('loads nothing from another host', () => {
    const inHtml =
      /<(?:script|link|img|iframe|source|video|audio)\b[^>]*\s(?:src|href|srcset)="(?:https?:)?\/\//i;
    const inCss = /@import|url\(["']?(?:https?:)?\/\//i;
    const loading = [
      ...builtFiles('**/*.html').filter(({ text }) => inHtml.test(text)),
      ...builtFiles('**/*.css').filter(({ text }) => inCss.test(text)),
    ];
    expect(loading.map(({ path }) => path)).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  const open = async (path: string) => {
    const requests: string[] = [];
    const page = await openPage(browser, site.url + path, {
      scheme,
      prepare: async (opened) => opened.on('request', (request) => requests.push(request.url())),
    });
    const foreign = () =>
      requests.filter((url) => !url.startsWith(`${site.url}/`) && !url.startsWith('data:'));
    return { page, foreign };
  };

  it('draws the drawings of a page in its colors', async () => {
    const { page, foreign } = await open('/docs/concepts.html');
    await using _page = page;
    const box = "document.querySelector('figure.drawing svg .node rect')";
    const fill = () => page.evaluate(`getComputedStyle(${box} ?? document.body).fill`);
    const fills = { light: 'rgb(226, 239, 246)', dark: 'rgb(21, 48, 63)' };
    await expect.poll(fill).toBe(fills[scheme]);
    await expect.poll(() => page.locator('pre.drawing').count()).toBe(0);
    const markdown = readFileSync(new URL('docs/concepts.md', root), 'utf8');
    const drawings = markdown.match(/^```mermaid$/gm)?.length;
    expect(await page.locator('figure.drawing svg').count()).toBe(drawings);

    await page.getByRole('switch').first().click();
    await expect.poll(fill).toBe(fills[scheme === 'light' ? 'dark' : 'light']);
    expect(foreign()).toEqual([]);
  });

  it('finds the pages about a word', async () => {
    const { page, foreign } = await open('/');
    await using _page = page;
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.locator('#localsearch-input').fill('watermark');
    const found = page.locator('.results a');
    await expect.poll(() => found.count()).toBeGreaterThan(5);
    const addresses = await found.evaluateAll((links) =>
      links.map((link) => link.getAttribute('href')),
    );
    expect(addresses).toContain('/docs/glossary.html#watermark');
    await page.locator('.results a[href="/docs/glossary.html#watermark"]').click();
    await expect.poll(() => page.locator('h1').textContent()).toContain('Glossary');
    expect(foreign()).toEqual([]);
  });
});
