import type { Page } from 'playwright-core';
import { startDashboardWorld } from '../../test/dashboard/dashboard-world.ts';
import { fresh } from '../dashboard/fresh.ts';
import { firstPaintMs, heapMb } from '../dashboard/page-clock.ts';
import { say } from '../dashboard/say.ts';

/** The page updates every two seconds. */
const updatesOfTenMinutes = 300;
/** Pipeline, Corrections, Explore: by key, and for how much of the time. */
const tour = [
  { key: '3', share: 0.1 },
  { key: '2', share: 0.1 },
  { key: '1', share: 0.8 },
];

/**
 * An hour of live updates: the memory of the page's scripts every ten minutes. Mostly on Explore,
 * which does most of the work, and from page to page in one document, so that leaks add up.
 */
export async function run(): Promise<void> {
  await using world = await startDashboardWorld();
  await fresh(world.browser, async (page) => {
    await firstPaintMs(page, `${world.url}/explore?m=cpu_user&a=avg_cpu_user&range=5m`);
    const startMs = performance.now();
    let drawnCount = 0;
    say('heap at the start', await heapMb(page), 'MB');
    for (let minutes = 10; minutes <= 60; minutes += 10) {
      for (const { key, share } of tour) {
        await page.keyboard.press(key);
        drawnCount += await liveUpdates(page, updatesOfTenMinutes * share);
      }
      say(`heap after ${minutes} minutes`, await heapMb(page), 'MB');
      say('  elements in the document', await elementCount(page), '');
    }
    say('charts loaded anew', drawnCount, 'times');
    say('took', (performance.now() - startMs) / 1_000, 's');
  });
}

async function elementCount(page: Page): Promise<number> {
  return page.evaluate<number>(`document.querySelectorAll('*').length`);
}

/**
 * Waits for this many live messages, and returns how often the charts were reloaded in the
 * meantime.
 */
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
