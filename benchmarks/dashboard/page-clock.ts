import type { Page } from 'playwright-core';

/** Runs before the page's own scripts: notes when the first chart with data was on the screen. */
const noteFirstChart = `window.firstChart = new Promise((resolve) => {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('.chart canvas')) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  });
  observer.observe(document, { childList: true, subtree: true });
})`;

/** From the navigation to the frame with data, ms by the page's own clock; nothing is cached. */
export async function firstPaintMs(page: Page, url: string): Promise<number> {
  await page.addInitScript(noteFirstChart);
  await page.goto(url, { waitUntil: 'commit' });
  return page.evaluate<number>('firstChart');
}

/**
 * From an action in the page to the frame after it, and to the frame after the last answer that it
 * asked for, ms by the page's own clock.
 *
 * @param action a statement in the page
 * @param path of the API whose answers count
 */
export async function actionMs(
  page: Page,
  { action, path, answersCount = 1 }: { action: string; path: string; answersCount?: number },
): Promise<{ readonly pixelsMs: number; readonly dataMs: number }> {
  return page.evaluate<{ pixelsMs: number; dataMs: number }>(`new Promise((resolve) => {
    const afterFrame = () => new Promise((done) =>
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - startMs))));
    let left = ${answersCount};
    const answered = new Promise((done) => {
      const observer = new PerformanceObserver((list) => {
        left -= list.getEntries().filter(({ name }) => name.endsWith(${JSON.stringify(path)})).length;
        if (left > 0) return;
        observer.disconnect();
        done();
      });
      observer.observe({ type: 'resource' });
    });
    const startMs = performance.now();
    ${action};
    Promise.all([afterFrame(), answered.then(afterFrame)])
      .then(([pixelsMs, dataMs]) => resolve({ pixelsMs, dataMs }));
  })`);
}

/** Memory of the page's scripts after garbage collection. */
export async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_048_576;
}
