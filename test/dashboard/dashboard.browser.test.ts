import type { Row } from '@highwater/model';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDashboardWorld, type DashboardWorld } from './dashboard-world.ts';
import { openPage, type OpenOptions } from './open-page.ts';
import { seriousFindings } from './serious-findings.ts';

const patience = { timeout: 45_000, interval: 200 };

let world: DashboardWorld;

beforeAll(async () => {
  world = await startDashboardWorld();
}, 120_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
}, 60_000);

function open(path: string, options: OpenOptions = {}): Promise<Page & AsyncDisposable> {
  return openPage(world.browser, world.url + path, options);
}

/** A row of a view that fills gaps, in one of the last windows. */
function viewRow({ interpolated, index }: { interpolated: string; index: number }): Row {
  const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 60_000 + index * 10_000;
  const bound = (timeMs: number) => new Date(timeMs).toISOString().replace('T', ' ').slice(0, -1);
  return {
    measureName: 'avg_ebb',
    measureValueType: 'DOUBLE',
    measureValue: '1.5',
    attributes: [{ name: 'interpolated', type: 'VARCHAR', value: interpolated }],
    dimensions: [
      { name: 'instance_name', value: 'ebb-host' },
      { name: 'window_start', value: bound(startMs) },
      { name: 'window_end', value: bound(startMs + 10_000) },
    ],
    time: String(startMs + 10_000),
    timeUnit: 'MILLISECONDS',
    version: 1,
  };
}

const chart = (page: Page) => page.locator('.chart').first();
const pill = (page: Page) => page.locator('.pill');

describe('explore', () => {
  it('shows raw points with their windows on top', async () => {
    await using page = await open('/explore?m=cpu_user&a=avg_cpu_user&range=5m');
    await expect
      .poll(async () => chart(page).getAttribute('aria-label'), patience)
      .toMatch(/cpu_user .* [1-9]\d* points.*avg_cpu_user: [1-9]\d* windows/);
    expect(await page.locator('.chart canvas').count()).toBe(1);
  });

  it('chooses a measure with its aggregate when the address names none', async () => {
    await using page = await open('/');
    await expect.poll(() => page.url(), patience).toMatch(/m=cpu_system&a=avg_cpu_system/);
  });

  it('marks corrected windows, with old and new value', async () => {
    await using page = await open('/explore?m=cpu_user&a=avg_cpu_user&range=5m');
    const mark = page.locator('.marks button').first();
    await mark.waitFor(patience);
    await page.locator('.pill').click();
    await mark.focus();
    await expect
      .poll(async () => page.locator('.markcard').textContent(), patience)
      .toMatch(/corrected \d+ times?.*value \d+.*→.*\d+ late, up to .* after the window/);
  });

  it('zooms by dragging, goes back with a double click, and restores the view in a second tab', async () => {
    await using page = await open(
      '/explore?m=cpu_user&a=avg_cpu_user&range=5m&by=microservice_name',
    );
    await chart(page).waitFor(patience);
    const before = page.url();
    const box = await page.locator('.u-over').first().boundingBox();
    if (!box) throw new Error('the chart has no area');
    // The end of the range, where there are points however short the stack has run.
    await page.mouse.move(box.x + box.width * 0.85, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.99, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => page.url(), patience).toMatch(/from=\d+&to=\d+/);
    const zoomed = page.url();

    await using second = await open(zoomed.slice(world.url.length));
    // Late points may still change the counts; what is shown, and from when to when, may not differ.
    const shown = async (tab: Page) =>
      /^.* from \S+ to \S+:/.exec((await chart(tab).getAttribute('aria-label')) ?? '')?.[0];
    await expect.poll(() => shown(second), patience).toMatch(/^cpu_user from/);
    expect(await shown(second)).toBe(await shown(page));
    expect(await second.locator('select').inputValue()).toBe('microservice_name');

    await page.mouse.dblclick(box.x + box.width / 2, box.y + 60);
    await expect.poll(() => page.url(), patience).toBe(before);
  });

  it('narrows by a search over all dimensions', async () => {
    await using page = await open('/explore?m=cpu_user&a=avg_cpu_user&range=5m');
    await chart(page).waitFor(patience);
    await page.getByLabel('Find series by any dimension').fill('apol');
    await page.locator('.values label', { hasText: 'apollo' }).first().click();
    await expect.poll(() => decodeURIComponent(page.url())).toMatch(/where=\w+:[^&]*apollo/);
  });

  it('describes the changes made by late points, and draws the previous values of the windows', async () => {
    await using page = await open('/');
    await expect
      .poll(async () => page.locator('.story').textContent(), patience)
      .toMatch(
        /changed [1-9]\d* of \d+ windows, the most from .+ to .+ after its window had ended/,
      );
    expect(await page.locator('.legend').textContent()).toContain('as first stored');
    expect(decodeURIComponent(page.url())).toMatch(/where=instance_name:/);
  });

  it('shows the chart of the article in one click, colored by a dimension in another', async () => {
    await using page = await open('/explore?m=cpu_user&range=5m');
    await page.locator('.measures li').first().waitFor(patience);
    await page.getByRole('button', { name: 'Example chart' }).click();
    await chart(page).waitFor(patience);
    expect(decodeURIComponent(page.url())).toMatch(
      /m=cpu_system&a=avg_cpu_system&where=microservice_name:apollo&where=region:us_east_1/,
    );
    await page.getByLabel('Color by').selectOption('instance_name');
    await expect
      .poll(async () => page.locator('.legend').textContent(), patience)
      .toMatch(/apollo-0000.*apollo-0001/);
  });

  it('shares the crosshair between panels', async () => {
    await using page = await open(
      '/explore?m=cpu_user&a=avg_cpu_user&m=cpu_idle&a=avg_cpu_idle&range=5m&live=0',
    );
    await page.locator('.panel').nth(1).waitFor(patience);
    await page.locator('.u-over').first().hover();
    await expect.poll(async () => page.locator('.pointcard').count(), patience).toBe(2);
    const [first, second] = await page.locator('.pointcard > strong').allTextContents();
    expect(first).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
    expect(second).toBe(first);
  });

  it('goes back in knowledge by its slider, and returns to now', async () => {
    // Windows that have all been stored, so that none comes while the test looks.
    const toMs = Date.now() - 15_000;
    await using page = await open(
      `/explore?m=cpu_user&a=avg_cpu_user&from=${toMs - 120_000}&to=${toMs}&live=0`,
    );
    await page.locator('.marks button').first().waitFor(patience);
    const windowsCount = async () =>
      Number(/: (\d+) windows/.exec((await chart(page).getAttribute('aria-label')) ?? '')?.[1]);
    const all = await windowsCount();
    const slider = page.getByLabel('As known at');
    await slider.fill(String(toMs - 20_000));
    await expect.poll(windowsCount, patience).toBeLessThan(all);
    expect(page.url()).toMatch(/known=\d+/);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await expect.poll(windowsCount, patience).toBe(all);
  });

  it('accepts an absolute range, in UTC or in the zone of the browser', async () => {
    await using page = await open('/explore?m=cpu_user&range=5m');
    await page.getByRole('button', { name: 'From – to' }).click();
    await page.getByLabel('From', { exact: true }).fill('2026-01-02T03:04:05');
    await page.getByLabel('To', { exact: true }).fill('2026-01-02T04:04:05');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const fromMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    await expect.poll(() => page.url()).toContain(`from=${fromMs}&to=${fromMs + 3_600_000}`);
    await page.locator('.notice', { hasText: 'No points here' }).waitFor(patience);
    await page.getByRole('button', { name: 'UTC' }).click();
    await expect.poll(() => page.url()).toContain('tz=local');
  });

  it('draws filled windows differently from the others', async () => {
    await world.store(
      ['none', 'linear'].map((interpolated, index) => viewRow({ interpolated, index })),
    );
    await using page = await open('/explore?a=avg_ebb&range=15m');
    await expect
      .poll(async () => page.locator('.legend').textContent(), patience)
      .toBe('avg_ebb (dashed: filled)');
    await page.getByRole('button', { name: 'Tables' }).click();
    const rows = page.locator('tbody tr');
    await expect.poll(async () => rows.count(), patience).toBe(2);
    expect(await page.locator('tbody tr', { hasText: '(filled)' }).count()).toBe(1);
  });

  it('shows the same as a table', async () => {
    await using page = await open('/explore?m=cpu_user&a=avg_cpu_user&range=5m&view=table');
    await expect.poll(async () => page.locator('tbody tr').count(), patience).toBeGreaterThan(10);
    expect(await page.locator('.chart').count()).toBe(0);
  });
});

describe('corrections', () => {
  it('shows a correction that arrives while the page is open, without a reload', async () => {
    await using page = await open('/corrections?range=5m');
    const instance = `late-host-${process.pid}`;
    const point = (value: number, timeMs: number) => ({
      MeasureName: 'tide',
      MeasureValue: String(value),
      Time: String(timeMs),
      instance_name: instance,
    });
    const startMs = Math.floor(Date.now() / 10_000) * 10_000;
    await world.send(point(1, startMs + 1_000));
    // The window closes by a point after it, then one comes for it all the same.
    await expect
      .poll(async () => {
        await world.send(point(1, Date.now()));
        return Date.now() - startMs;
      }, patience)
      .toBeGreaterThan(13_000);
    await sleep(1_500);
    await world.send(point(4, startMs + 2_000));
    const row = page.locator('tr', { hasText: instance }).first();
    await row.waitFor(patience);
    expect(await row.textContent()).toContain('avg_tide');
    await row.click();
    await expect
      .poll(async () => page.locator('.revisions li').count(), patience)
      .toBeGreaterThanOrEqual(2);
    const newest = await page.locator('.big strong').textContent();
    await page.locator('.slider input').fill('0');
    expect(await page.locator('.big strong').textContent()).not.toBe(newest);
  });
});

describe('pipeline', () => {
  it('shows rates, shards and processes of the running services', async () => {
    await using page = await open('/pipeline');
    await expect
      .poll(async () => page.locator('.graph').getAttribute('aria-label'), patience)
      .toMatch(/generator to raw: [1-9][\d.]* points per second/);
    expect(await page.locator('section[aria-label="Shards"] tbody tr').count()).toBe(10);
    expect(await page.locator('.health[data-state="up"]').count()).toBe(4);
  });

  it('shows a dead letter with its payload and advice', async () => {
    await world.send('{"MeasureName": "cut sho');
    await using page = await open('/pipeline');
    const letter = page.locator('.letters details', { hasText: 'not_json' }).first();
    await expect
      .poll(
        async () => {
          await page.reload();
          return letter.count();
        },
        { timeout: 45_000, interval: 1_500 },
      )
      .toBe(1);
    await letter.locator('summary').click();
    expect(await letter.locator('pre').textContent()).toBe('{"MeasureName": "cut sho');
    expect(await letter.locator('.advice').textContent()).toMatch(/send the corrected text again/);
  });
});

describe('query', () => {
  it('runs a statement, shows types, and plots it', async () => {
    await using page = await open('/query');
    await page.getByRole('button', { name: 'Points per minute, by measure' }).click();
    await page.keyboard.press('Tab');
    await page.getByLabel('Statement', { exact: true }).last().press('Control+Enter');
    await expect
      .poll(async () => page.locator('.result tbody tr').count(), patience)
      .toBeGreaterThan(3);
    expect(await page.locator('.result thead').textContent()).toMatch(
      /minutetimestamp.*pointsbigint/,
    );
    await page.getByRole('button', { name: 'Plot' }).click();
    await expect.poll(async () => page.locator('.chart canvas').count()).toBe(1);
  });

  it('puts the cursor where the store found an error', async () => {
    await using page = await open('/query');
    const editor = page.locator('textarea');
    // With the first example in it: to fill in is to mark all, and then to write.
    await expect.poll(async () => editor.inputValue(), patience).not.toBe('');
    await editor.fill('SELECT measure_name,\n  nope\nFROM "highwater"."metrics"');
    await editor.press('Control+Enter');
    await expect
      .poll(async () => page.locator('.banner').textContent(), patience)
      .toMatch(/Line 2, column 3/);
    expect(await page.evaluate('getSelection().toString()')).toBe('nope');
  });

  it('keeps a history, saves a result, and leaves nothing running after a cancel', async () => {
    const statement = 'SELECT 1 AS one, CAST(NULL AS VARCHAR) AS none';
    await using page = await open(`/query?sql=${encodeURIComponent(statement)}`);
    await page.locator('.result').waitFor(patience);
    await page.locator('.examples button', { hasText: 'AS one' }).waitFor(patience);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'JSON' }).click();
    const file = await (await saved).path();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([{ one: '1', none: null }]);

    let isBrokenOff = false;
    await page.route('**/api/query', () => undefined);
    page.on('requestfailed', () => (isBrokenOff = true));
    await page.getByRole('button', { name: /^Run/ }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => isBrokenOff, patience).toBe(true);
    expect(await page.getByRole('button', { name: /^Run/ }).isEnabled()).toBe(true);
  });

  it('accepts only statements that read', async () => {
    await using page = await open('/query');
    const editor = page.locator('textarea');
    // With the first example in it: to fill in is to mark all, and then to write.
    await expect.poll(async () => editor.inputValue(), patience).not.toBe('');
    await editor.fill("UNLOAD (SELECT 1) TO 's3://elsewhere'");
    await editor.press('Control+Enter');
    await expect
      .poll(async () => page.locator('.banner').textContent(), patience)
      .toMatch(/only statements that read/);
  });
});

describe('the page as a whole', () => {
  it('can be used with the keyboard alone', async () => {
    await using page = await open('/explore');
    await page.locator('main').waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor(patience);
    await page.keyboard.press('Escape');
    await expect.poll(async () => page.locator('dialog[open]').count()).toBe(0);
    await page.keyboard.press('t');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.keyboard.press('t');
    await page.keyboard.press('l');
    await expect.poll(async () => pill(page).getAttribute('data-state'), patience).toBe('paused');
    expect(page.url()).toContain('live=0');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('3');
    await expect.poll(() => page.url()).toContain('/pipeline');
  });

  it('uses the color scheme of the system', async () => {
    await using page = await open('/explore', { scheme: 'dark' });
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  it('runs no script from a series name', async () => {
    const hostile = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
    await world.send({
      MeasureName: 'hostile<script>window.pwned=1</script>',
      MeasureValue: '1',
      Time: String(Date.now()),
      instance_name: hostile,
    });
    const measure = encodeURIComponent('hostile<script>window.pwned=1</script>');
    await using page = await open(`/explore?m=${measure}&by=instance_name&range=5m`);
    await expect
      .poll(async () => page.locator('.legend').first().textContent(), patience)
      .toContain('onerror');
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
  });

  it('fits on a phone', async () => {
    for (const path of ['/explore', '/corrections', '/pipeline', '/query']) {
      await using page = await open(path, { width: 390 });
      await page.locator('main > *').first().waitFor(patience);
      await sleep(1_000);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect({ path, overflow }).toEqual({ path, overflow: 0 });
    }
  });

  it.each(['light', 'dark'] as const)(
    'has no serious accessibility findings, %s',
    async (scheme) => {
      for (const path of ['/explore?range=5m', '/corrections?range=5m', '/pipeline', '/query']) {
        await using page = await open(path, { scheme });
        await sleep(2_500);
        expect({ path, findings: await seriousFindings(page) }).toEqual({ path, findings: [] });
      }
    },
  );

  it('says that it is reconnecting while the server does not answer', async () => {
    await using page = await open('/explore?m=cpu_user&range=5m');
    let isGone = true;
    await page.route('**/api/live', (route) => (isGone ? route.abort() : route.continue()));
    await page.reload();
    await expect
      .poll(async () => pill(page).getAttribute('data-state'), patience)
      .toBe('reconnecting');
    isGone = false;
    await expect.poll(async () => pill(page).getAttribute('data-state'), patience).toBe('live');
  });

  it('says that it is stale while the store is unavailable, and recovers by itself', async () => {
    await using page = await open('/explore?m=cpu_user&a=avg_cpu_user&range=5m');
    await expect.poll(async () => pill(page).getAttribute('data-state'), patience).toBe('live');
    await chart(page).waitFor(patience);
    await world.stack.kill('timestream-local', 'SIGKILL');
    await expect.poll(async () => pill(page).getAttribute('data-state'), patience).toBe('stale');
    expect(await chart(page).count()).toBe(1);
    await world.stack.restart('timestream-local');
    await expect.poll(async () => pill(page).getAttribute('data-state'), patience).toBe('live');
  });
});
