import type { Browser, Page } from 'playwright-core';
import { startDashboardWorld } from '../../test/dashboard/dashboard-world.ts';
import { fillStore } from '../../test/dashboard/fill-store.ts';
import { actionMs, firstPaintMs } from './page-clock.ts';
import { fresh } from './fresh.ts';
import { say } from './say.ts';
import { swell, wholeFleet } from './rows.ts';

const pointsCount = 200_000;
const spanMs = 3_600_000;
const paintsCount = 5;
/**
 * The costs of the page, with points arriving at the local stack: a real Chromium, and the page's
 * own clock.
 */
export async function run(): Promise<void> {
  await using world = await startDashboardWorld();
  const toMs = Date.now();
  const span = { fromMs: toMs - spanMs, toMs };
  await fillStore(world.stack.storeSettings, swell(span, pointsCount), 'raw');
  const range = `from=${span.fromMs}&to=${toMs}&live=0`;
  const url = `${world.url}/explore?m=swell&${range}`;
  say('page weight, compressed', await weightKb(world.browser, url), 'kB');
  say(
    'first paint with data, 200,000 points',
    await medianOf(paintsCount, () => fresh(world.browser, (page) => firstPaintMs(page, url))),
    'ms',
  );
  say(
    'first paint with data, nothing chosen',
    await medianOf(paintsCount, () =>
      fresh(world.browser, (page) => firstPaintMs(page, world.url)),
    ),
    'ms',
  );
  await fresh(world.browser, (page) => measureZoom(page, url));
  const seriesCount = await fillStore(world.stack.storeSettings, wholeFleet(toMs - 60_000), 'raw');
  await fresh(world.browser, (page) =>
    measureSearch(page, { url: `${world.url}/explore?m=cpu_user&${range}`, seriesCount }),
  );
}

async function measureZoom(page: Page, url: string): Promise<void> {
  await firstPaintMs(page, url);
  const times: { pixelsMs: number; dataMs: number }[] = [];
  for (const key of ['+', 'ArrowLeft', 'ArrowRight', '-', '+', '+', 'ArrowLeft', '-', '-']) {
    const action = `dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true }))`;
    times.push(await actionMs(page, { action, path: '/api/points' }));
  }
  say(
    'zoom or pan to new pixels, median of 9',
    median(times.map(({ pixelsMs }) => pixelsMs)),
    'ms',
  );
  say('zoom or pan to finer data, median of 9', median(times.map(({ dataMs }) => dataMs)), 'ms');
}

async function measureSearch(
  page: Page,
  { url, seriesCount }: { readonly url: string; readonly seriesCount: number },
): Promise<void> {
  await firstPaintMs(page, url);
  await page.locator('.dimensions li').first().waitFor();
  const times: number[] = [];
  for (const text of ['apo', 'apol', 'apollo-000', 'us_east', 'r5.4', 'silo-2']) {
    const action = `
      const field = document.querySelector('[aria-label="Find series by any dimension"]');
      field.value = ${JSON.stringify(text)};
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))`;
    times.push((await actionMs(page, { action, path: '/api/search' })).dataMs);
  }
  say(`search among ${seriesCount} series, median of 6`, median(times), 'ms');
}

async function weightKb(browser: Browser, url: string): Promise<number> {
  return fresh(browser, async (page) => {
    let bytes = 0;
    page.on('requestfinished', (request) => {
      if (request.url().includes('/api/')) return;
      void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize));
    });
    await firstPaintMs(page, url);
    await page.waitForLoadState('load');
    return bytes / 1_000;
  });
}

async function medianOf(count: number, take: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  while (values.length < count) values.push(await take());
  return median(values);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
