import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

/** How a page is opened. */
export interface OpenOptions {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  /** Done before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** A page that fails the test when a script of it throws or its policy is broken. */
export async function openPage(
  browser: Browser,
  url: string,
  { scheme = 'light', width = 1280, prepare }: OpenOptions = {},
): Promise<Page & AsyncDisposable> {
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 } });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
  });
  await prepare?.(page);
  await page.goto(url);
  return Object.assign(page, {
    [Symbol.asyncDispose]: async () => {
      await page.close();
      expect(problems).toEqual([]);
    },
  });
}
