import type { Clock } from '@highwater/model';
import { systemClock } from '@highwater/service';
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
/** How much faster than life the hour goes by for the dashboard's server. */
const haste = 40;

/**
 * An hour of live updates, in haste: what the page's scripts hold every ten minutes. Mostly on Explore,
 * which does most; from page to page in one document, so that leaks add up.
 */
export async function run(): Promise<void> {
  await using world = await startDashboardWorld({
    clock: hastyClock(),
    // The services are in no haste: looked at any more often, they would do little else.
    dashboard: { HW_DASHBOARD_SCRAPE_INTERVAL_MS: '20000' },
  });
  await fresh(world.browser, async (page) => {
    await firstPaintMs(page, `${world.url}/explore?m=cpu_user&a=avg_cpu_user&range=5m`);
    await liveUpdates(page, updatesOfTenMinutes / 5);
    const startMs = performance.now();
    let drawnCount = 0;
    say('heap at the start', await heapMb(page), 'MB');
    for (let minutes = 10; minutes <= 60; minutes += 10) {
      for (const { key, share } of tour) {
        await page.keyboard.press(key);
        drawnCount += await liveUpdates(page, updatesOfTenMinutes * share);
      }
      say(`heap after ${minutes} minutes of updates`, await heapMb(page), 'MB');
    }
    say('charts loaded anew', drawnCount, 'times');
    say('took', (performance.now() - startMs) / 1_000, 's');
  });
}

/** Everything in haste but the time of day: an hour's live updates in a minute or two. */
function hastyClock(): Clock {
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs: () => systemClock.monotonicMs() * haste,
    sleep: (durationMs, signal) => systemClock.sleep(durationMs / haste, signal),
  };
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
