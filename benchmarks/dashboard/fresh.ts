import type { Browser, Page } from 'playwright-core';

/** A page of its own, as on a desk; nothing is cached from before. */
export async function fresh<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    return await use(page);
  } finally {
    await page.close();
  }
}
