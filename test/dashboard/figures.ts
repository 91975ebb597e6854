// Measures what the page costs: weight, first paint, zoom and pan over 200,000 points, memory of an hour.
import { defineStoreMetrics, openTimestreamStore, timestreamConfig } from '@highwater/timestream';
import { loadConfig, systemClock } from '@highwater/service';
import { Registry } from 'prom-client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startDashboardWorld } from './dashboard-world.ts';

const seriesCount = 20;
const pointsCount = 200_000;
const spanMs = 3_600_000;
/** One live update is due every two seconds; an hour has this many. */
const updatesOfAnHour = 1_800;

const nothing = () => undefined;
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Puts the points of an hour in the store, past the pipeline. */
async function fill(endpoint: string, toMs: number): Promise<void> {
  const signal = new AbortController().signal;
  await using store = await openTimestreamStore(
    loadConfig(timestreamConfig, { AWS_ENDPOINT_URL_TIMESTREAM_WRITE: endpoint }),
    { clock: systemClock, log: silent, metrics: defineStoreMetrics(new Registry()), signal },
  );
  const batch = 5_000;
  for (let at = 0; at < pointsCount; at += batch) {
    await store.write(
      Array.from({ length: batch }, (_, offset) => {
        const index = at + offset;
        const timeMs =
          toMs - spanMs + Math.floor(index / seriesCount) * (spanMs / (pointsCount / seriesCount));
        return {
          measureName: 'swell',
          measureValueType: 'DOUBLE' as const,
          measureValue: String(Math.sin(index / 9_000) * 10 + (index % 97) / 50),
          dimensions: [{ name: 'instance_name', value: `host-${index % seriesCount}` }],
          time: String(Math.round(timeMs)),
          timeUnit: 'MILLISECONDS' as const,
          version: 1,
        };
      }),
      signal,
    );
  }
}

/** From a key to the frame after next, in the page's own time. */
async function keyToPixels(page: Page, key: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const start = performance.now();
    dispatchEvent(new KeyboardEvent('keydown', { key: ${JSON.stringify(key)}, bubbles: true }));
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
  })`);
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const say = (what: string, value: number, unit: string) =>
  process.stdout.write(`${what.padEnd(48)} ${value.toFixed(1).padStart(9)} ${unit}\n`);

await using world = await startDashboardWorld();
const toMs = Date.now();
await fill(world.stack.timestreamUrl, toMs);

const page = await world.browser.newPage({ viewport: { width: 1440, height: 900 } });
let weightBytes = 0;
page.on('response', (response) => {
  if (response.url().includes('/api/')) return;
  void response
    .request()
    .sizes()
    .then(({ responseBodySize }) => (weightBytes += responseBodySize));
});
const startMs = performance.now();
await page.goto(`${world.url}/explore?m=swell&from=${toMs - spanMs}&to=${toMs}&live=0`);
await page.locator('.chart canvas').waitFor();
say('first paint with data, 200,000 points', performance.now() - startMs, 'ms');
await sleep(1_000);
say('page weight, compressed', weightBytes / 1_000, 'kB');

const pixels: number[] = [];
const answers: number[] = [];
for (const key of ['+', 'ArrowLeft', 'ArrowRight', '-', '+', '+', 'ArrowLeft', '-', '-']) {
  const begunMs = performance.now();
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/points'));
  pixels.push(await keyToPixels(page, key));
  await answered;
  answers.push(performance.now() - begunMs);
  await sleep(300);
}
say('zoom or pan to new pixels, median of 9', median(pixels), 'ms');
say('zoom or pan to new data, median of 9', median(answers), 'ms');

await page.goto(`${world.url}/explore?m=cpu_user&a=avg_cpu_user&range=5m`);
await page.locator('.chart canvas').waitFor();
const session = await page.context().newCDPSession(page);
const heapMb = async () => {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
};
// As many live updates as an hour brings, as fast as they are answered: each connection is one tick.
await page.route('**/api/live', (route) => {
  const tick = { atMs: Date.now(), store: 'ok', detail: null };
  return route.fulfill({
    contentType: 'text/event-stream',
    body: `retry: 10\n\nevent: tick\ndata: ${JSON.stringify(tick)}\n\n`,
  });
});
await page.reload();
const ticks = async (count: number) => {
  for (let index = 0; index < count; index++) {
    await page.waitForResponse((response) => response.url().endsWith('/api/points'));
  }
};
await ticks(100);
const beforeMb = await heapMb();
await ticks(updatesOfAnHour);
say('heap after 100 updates', beforeMb, 'MB');
say('heap after an hour of updates more', await heapMb(), 'MB');
