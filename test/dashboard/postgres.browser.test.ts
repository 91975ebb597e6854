import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDashboardWorld, type DashboardWorld } from './dashboard-world.ts';
import { openPage } from './open-page.ts';

// Goal: the pages say nothing that is true for one engine only. Method: the pages that read the store,
// over a pipeline that stores in PostgreSQL.

const patience = { timeout: 90_000, interval: 200 };

let world: DashboardWorld;

beforeAll(async () => {
  world = await startDashboardWorld({ engine: 'postgres' });
}, 120_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
}, 60_000);

const open = (path: string) => openPage(world.browser, world.url + path);

describe('the dashboard over PostgreSQL', () => {
  it('shows raw points with their windows, and narrows by a search', async () => {
    await using page = await open('/explore?m=cpu_user&a=avg_cpu_user&range=5m');
    await expect
      .poll(async () => page.locator('.chart').first().getAttribute('aria-label'), patience)
      .toMatch(/cpu_user .* [1-9]\d* points.*avg_cpu_user: [1-9]\d* windows/);
    await page.getByLabel('Find series by any dimension').fill('apol');
    await page.locator('.values label', { hasText: 'apollo' }).first().click();
    await expect
      .poll(() => decodeURIComponent(page.url()), patience)
      .toMatch(/where=\w+:[^&]*apollo/);
  });

  it('shows corrections, and the windows as they were known before them', async () => {
    {
      await using page = await open('/corrections?range=5m');
      await expect.poll(async () => page.locator('tbody tr').count(), patience).toBeGreaterThan(0);
    }
    await using page = await open('/explore');
    // A range that is over, so that no window is added to it, and that has corrections already.
    let toMs = 0;
    const mark = page.locator('.marks button').first();
    const hasMarks = async () => {
      toMs = Date.now() - 15_000;
      const range = `from=${toMs - 120_000}&to=${toMs}&live=0`;
      await page.goto(`${world.url}/explore?m=cpu_user&a=avg_cpu_user&${range}`);
      return mark.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(hasMarks, patience).toBe(true);
    const windowsCount = async () =>
      Number(
        /: (\d+) windows/.exec(
          (await page.locator('.chart').first().getAttribute('aria-label')) ?? '',
        )?.[1],
      );
    const all = await windowsCount();
    await page.getByLabel('As known at').fill(String(toMs - 20_000));
    await expect.poll(windowsCount, patience).toBeLessThan(all);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await expect.poll(windowsCount, patience).toBe(all);
  });

  it('runs an example, shows the types of the engine, and plots it', async () => {
    await using page = await open('/query');
    await page.getByRole('button', { name: 'Points per minute, by measure' }).click();
    await page.keyboard.press('Tab');
    await page.getByLabel('Statement', { exact: true }).last().press('Control+Enter');
    await expect
      .poll(async () => page.locator('.result tbody tr').count(), patience)
      .toBeGreaterThan(3);
    expect(await page.locator('.result thead').textContent()).toMatch(
      /minutetimestamp with time zone.*pointsbigint/,
    );
    await page.getByRole('button', { name: 'Plot' }).click();
    await expect.poll(async () => page.locator('.chart canvas').count(), patience).toBe(1);
    expect(await page.locator('body').textContent()).not.toMatch(/timestream/i);
  });
});
