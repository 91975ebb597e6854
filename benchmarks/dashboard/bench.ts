import type { Clock } from '@highwater/model';
import { systemClock } from '@highwater/service';
import type { Browser, Page } from 'playwright-core';
import { startDashboardWorld } from '../../test/dashboard/dashboard-world.ts';
import { fillStore, swell, wholeFleet } from './fill-store.ts';
import { actionMs, firstPaintMs, heapMb } from './page-clock.ts';

const pointsCount = 200_000;
const spanMs = 3_600_000;
const paintsCount = 5;
/** The page updates every two seconds. */
const updatesOfAnHour = 1_800;
/** How much faster than life the hour goes by for the dashboard's server. */
const haste = 40;

/** What the page costs, over the local stack with points coming in: a real Chromium, the page's own clock. */
export async function run(): Promise<void> {
  await measureCharts();
  await measureHour();
}

async function measureCharts(): Promise<void> {
  await using world = await startDashboardWorld();
  const toMs = Date.now();
  const span = { fromMs: toMs - spanMs, toMs };
  await fillStore(world.stack.timestreamUrl, swell(span, pointsCount));
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
  const seriesCount = await fillStore(world.stack.timestreamUrl, wholeFleet(toMs - 60_000));
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

/** Everything in haste but the time of day: an hour's live updates in a minute or two. */
function hastyClock(): Clock {
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs: () => systemClock.monotonicMs() * haste,
    sleep: (durationMs, signal) => systemClock.sleep(durationMs / haste, signal),
  };
}

/** Mostly on Explore, which does most; from page to page in one document, so that leaks add up. */
async function measureHour(): Promise<void> {
  await using world = await startDashboardWorld({ clock: hastyClock() });
  await fresh(world.browser, async (page) => {
    await firstPaintMs(page, `${world.url}/explore?m=cpu_user&a=avg_cpu_user&range=5m`);
    await liveUpdates(page, updatesOfAnHour / 10);
    const beforeMb = await heapMb(page);
    const startMs = performance.now();
    let drawnCount = 0;
    for (const { key, share } of [
      { key: '3', share: 0.1 },
      { key: '2', share: 0.1 },
      { key: '1', share: 0.8 },
    ]) {
      await page.keyboard.press(key);
      drawnCount += await liveUpdates(page, updatesOfAnHour * share);
    }
    const seconds = (performance.now() - startMs) / 1_000;
    say('heap before', beforeMb, 'MB');
    say("heap after an hour's live updates", await heapMb(page), 'MB');
    say('  drawn anew', drawnCount, 'times');
    say('  in', seconds, 's');
  });
}

/** Waits for so many live messages; tells how often the charts were loaded anew meanwhile. */
async function liveUpdates(page: Page, count: number): Promise<number> {
  return page.evaluate<number>(
    `new Promise((resolve) => {
      let drawnCount = 0;
      const observer = new PerformanceObserver((list) => {
        drawnCount += list.getEntries().filter(({ name }) => name.endsWith('/api/points')).length;
      });
      observer.observe({ type: 'resource' });
      const source = new EventSource('/api/live');
      let left = ${count};
      source.addEventListener('tick', () => {
        if (--left > 0) return;
        source.close();
        observer.disconnect();
        resolve(drawnCount);
      });
    })`,
  );
}

async function fresh<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    return await use(page);
  } finally {
    await page.close();
  }
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

function say(what: string, value: number, unit: string): void {
  process.stdout.write(`${what.padEnd(56)} ${value.toFixed(1).padStart(8)} ${unit}\n`);
}
