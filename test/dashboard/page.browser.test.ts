import { loadConfig, systemClock } from '@highwater/service';
import { readFile } from 'node:fs/promises';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardConfig } from '../../apps/dashboard/src/config.ts';
import type {
  Correction,
  PointsReply,
  QueryReply,
  WindowsReply,
} from '../../apps/dashboard/src/contract.ts';
import { startDashboard, type Dashboard } from '../../apps/dashboard/src/start-dashboard.ts';
import { launchChromium } from './launch-chromium.ts';
import { openPage } from './open-page.ts';

const patience = { timeout: 15_000, interval: 50 };
const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Goal: the page is right whatever the API says. Method: the built page, with replies made up. */
let dashboard: Dashboard;
let browser: Browser;

beforeAll(async () => {
  const config = loadConfig(dashboardConfig, {
    HW_DASHBOARD_PORT: '0',
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: 'http://127.0.0.1:1',
  });
  dashboard = await startDashboard({ config, log, clock: systemClock });
  browser = await launchChromium();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await dashboard?.[Symbol.asyncDispose]();
});

const fromMs = Date.UTC(2026, 0, 2, 3);
const toMs = fromMs + 60_000;
const span = `from=${fromMs}&to=${toMs}`;
const correction: Correction = {
  measure: 'avg_tide',
  dimensions: { host: 'a' },
  windowStartMs: fromMs,
  windowEndMs: fromMs + 30_000,
  knownAtMs: fromMs + 40_000,
  from: 1,
  to: 2,
  points: 3,
  added: 1,
  late: 1,
  lateByMs: 10_000,
};
const tick = `event: tick\ndata: ${JSON.stringify({ atMs: toMs, store: 'ok', detail: null })}\n\n`;

type Replies = Readonly<Record<string, unknown>>;

const quiet: Replies = {
  info: { version: '1', database: 'd', table: 't', correctionsTable: 'c', nowMs: toMs },
  measures: {
    measures: [
      { name: 'tide', isNumber: true, isView: false },
      { name: 'avg_tide', isNumber: true, isView: true },
      { name: 'ebb', isNumber: true, isView: false },
    ],
    dimensions: ['host'],
  },
  points: pointsOf([]),
  windows: { windows: [], isTruncated: false, elapsedMs: 1 } satisfies WindowsReply,
  corrections: { corrections: [], isTruncated: false, isMissing: false },
  pipeline: { state: null, history: [] },
  'dead-letters': { letters: [], isTruncated: false, reasons: [], unreadable: [] },
  query: { columns: [], rows: [], isTruncated: false, elapsedMs: 1, bytesScanned: 0 },
};

function pointsOf(seconds: readonly number[]): PointsReply {
  const values = seconds.map(() => 5);
  const timesMs = seconds.map((second) => fromMs + second * 1_000);
  const group = { name: '', timesMs, mins: values, maxs: values, means: values };
  const pointsCount = seconds.length;
  const groups = pointsCount > 0 ? [{ ...group, pointsCount }] : [];
  return { binMs: 0, pointsCount, groups, moreGroups: false, elapsedMs: 1 };
}

/** Opens a page whose API answers so; the live connection gives one tick and comes back every 300 ms. */
function open(path: string, replies: Replies = {}, prepare?: (page: Page) => Promise<unknown>) {
  return openPage(browser, dashboard.url + path, {
    async prepare(page) {
      for (const [name, reply] of Object.entries({ ...quiet, ...replies })) {
        await page.route(`**/api/${name}`, (route) => route.fulfill({ json: reply }));
      }
      await page.route('**/api/live', (route) => route.fulfill(events('')));
      await prepare?.(page);
    },
  });
}

function events(text: string): { contentType: string; body: string } {
  return { contentType: 'text/event-stream', body: `retry: 300\n\n${tick}${text}` };
}

/** For each pixel of the plot's width, whether something coloured is drawn in it. */
function inkByColumn(page: Page): Promise<readonly boolean[]> {
  return page.evaluate<boolean[]>(`(() => {
    const over = document.querySelector('.u-over').getBoundingClientRect();
    const canvas = document.querySelector('.chart canvas');
    const box = canvas.getBoundingClientRect();
    const [left, top] = [Math.round(over.left - box.left), Math.round(over.top - box.top)];
    const [width, height] = [Math.floor(over.width), Math.floor(over.height)];
    const { data } = canvas.getContext('2d').getImageData(left, top, width, height);
    return Array.from({ length: width }, (_, x) => {
      for (let y = 0; y < height; y++) {
        const at = (y * width + x) * 4;
        const [red, green, blue, alpha] = data.slice(at, at + 4);
        if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) return true;
      }
      return false;
    });
  })()`);
}

/** The share of columns with ink between two seconds of the span. */
function inkBetween(ink: readonly boolean[], [from, to]: readonly [number, number]): number {
  const part = ink.slice(Math.ceil((from / 60) * ink.length), Math.floor((to / 60) * ink.length));
  return part.filter(Boolean).length / part.length;
}

const seconds = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a chart', () => {
  it('leaves a gap where there are no points', async () => {
    const points = pointsOf([...seconds(0, 20), ...seconds(40, 60)]);
    await using page = await open(`/explore?m=tide&${span}`, { points });
    await page.locator('.chart canvas').waitFor();
    const ink = await inkByColumn(page);
    expect(inkBetween(ink, [2, 18])).toBe(1);
    expect(inkBetween(ink, [22, 38])).toBe(0);
    expect(inkBetween(ink, [42, 58])).toBe(1);
  });

  it('draws a filled window as dashes, and one from points as a line', async () => {
    const window = { group: '', mean: 5, min: 5, max: 5, rowsCount: 1 };
    const windows = [
      { ...window, startMs: fromMs, endMs: fromMs + 30_000, isFilled: false },
      { ...window, startMs: fromMs + 30_000, endMs: toMs, isFilled: true },
    ];
    await using page = await open(`/explore?a=avg_tide&${span}`, {
      windows: { windows, isTruncated: false, elapsedMs: 1 } satisfies WindowsReply,
    });
    await page.locator('.chart canvas').waitFor();
    const ink = await inkByColumn(page);
    expect(inkBetween(ink, [2, 28])).toBe(1);
    expect(inkBetween(ink, [32, 58])).toBeGreaterThan(0.4);
    expect(inkBetween(ink, [32, 58])).toBeLessThan(0.8);
  });

  it('is described in words', async () => {
    await using page = await open(`/explore?m=tide&${span}`, { points: pointsOf([1, 2, 3]) });
    const words = 'tide from 03:00:00 to 03:01:00: 3 points, between 5 and 5; 0 corrected windows.';
    await expect.poll(() => page.locator('.panel p.sr').textContent(), patience).toBe(words);
    expect(await page.locator('.chart').getAttribute('aria-label')).toBe(words);
  });

  it('shows the newest request, whenever the previous one is answered', async () => {
    const held: Route[] = [];
    await using page = await open('/explore?m=tide&range=5m', { points: pointsOf([1]) });
    const chart = page.locator('.chart');
    await expect.poll(() => chart.getAttribute('aria-label'), patience).toMatch(/^tide /);
    await page.route('**/api/points', async (route) => {
      if (String(route.request().postData()).includes('"tide"')) held.push(route);
      else await route.fulfill({ json: pointsOf([1, 2]) });
    });
    await expect.poll(() => held.length, patience).toBe(1);
    const isBrokenOff = page.waitForEvent('requestfailed', {
      predicate: (request) => request === held[0]?.request(),
    });
    await page.getByRole('checkbox', { name: 'ebb', exact: true }).check();
    await page.getByRole('checkbox', { name: 'tide', exact: true }).uncheck();
    await isBrokenOff;
    await expect.poll(() => chart.getAttribute('aria-label'), patience).toMatch(/^ebb .* 2 points/);
  });
});

describe('a saved file', () => {
  const result: QueryReply = {
    columns: ['name', 'value', 'note'].map((name) => ({ name, type: 'VARCHAR' })),
    rows: [
      ['a,"b"', '-5', '=1+1'],
      ['two\nlines', null, 'é'],
    ],
    isTruncated: false,
    elapsedMs: 1,
    bytesScanned: 0,
  };

  async function saved(page: Page, button: string): Promise<{ name: string; text: string }> {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: button }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  }

  it('has a result as CSV: quoted if necessary, without a formula that a spreadsheet would run', async () => {
    await using page = await open('/query?sql=SELECT', { query: result });
    expect(await saved(page, 'CSV')).toEqual({
      name: 'result.csv',
      text: 'name,value,note\r\n"a,""b""",-5,\'=1+1\r\n"two\nlines",,é\r\n',
    });
  });

  it('has a result as JSON, with null for missing values', async () => {
    await using page = await open('/query?sql=SELECT', { query: result });
    const { name, text } = await saved(page, 'JSON');
    expect(name).toBe('result.json');
    expect(JSON.parse(text)).toEqual([
      { name: 'a,"b"', value: '-5', note: '=1+1' },
      { name: 'two\nlines', value: null, note: 'é' },
    ]);
  });

  it('has the content of a chart', async () => {
    await using page = await open(`/explore?m=tide&${span}`, { points: pointsOf([1, 2]) });
    const { name, text } = await saved(page, 'Save tide as CSV');
    expect(name).toBe('tide.csv');
    expect(text.split('\r\n')).toEqual([
      'time,measure,group,window from,mean,least,greatest',
      '2026-01-02 03:00:02,tide,,,5,5,5',
      '2026-01-02 03:00:01,tide,,,5,5,5',
      '',
    ]);
  });
});

describe('a failing API', () => {
  const failures = [
    {
      failure: 'an error of its own',
      answer: { status: 500, json: { error: { code: 'HW_X', message: 'the well is dry' } } },
      says: /the well is dry/,
    },
    {
      failure: 'something that is no JSON',
      answer: { status: 200, contentType: 'text/html', body: '<h1>proxy</h1>' },
      says: /The dashboard returned status 200 without JSON/,
    },
    {
      failure: 'an error that is no JSON',
      answer: { status: 502, contentType: 'text/html', body: '<h1>proxy</h1>' },
      says: /The dashboard returned status 502/,
    },
  ];
  const places = [
    { path: `/explore?m=tide&${span}`, route: 'points' },
    { path: `/corrections?${span}`, route: 'corrections' },
    { path: '/pipeline', route: 'dead-letters' },
    { path: '/query?sql=SELECT', route: 'query' },
  ];
  it.each(failures)('with $failure is reported on every page', async ({ answer, says }) => {
    for (const { path, route } of places) {
      await using page = await open(path, {}, (opened) =>
        opened.route(`**/api/${route}`, (each) => each.fulfill(answer)),
      );
      await expect.poll(() => page.locator('.banner').textContent(), patience).toMatch(says);
    }
  });

  it('with a reply of another shape keeps the navigation to the other pages', async () => {
    await using page = await open(`/explore?m=tide&${span}`, { measures: {} });
    await page.getByText('This page failed').waitFor();
    await page.keyboard.press('4');
    await expect.poll(() => page.locator('.editor').count(), patience).toBe(1);
  });
});

describe('the address', () => {
  it.each([
    '/explore?m=tide&where=constructor:x&where=__proto__:y&by=toString',
    '/explore?m=tide&a=avg_tide&from=1&to=9e15&known=9e15',
    '/explore?m=tide&from=-5&to=1e400',
    '/corrections?wfrom=9e15&wto=9e16',
  ])('%s shows a view', async (path) => {
    await using page = await open(path, { points: pointsOf([1, 2]) });
    await page.locator('.panel, .notice').first().waitFor();
    expect(await page.getByText('This page failed').count()).toBe(0);
    expect(await page.locator('.banner').count()).toBe(0);
  });

  it('contains the statement that ran, also after going back', async () => {
    const asked: string[] = [];
    await using page = await open('/query?sql=SELECT+1', {}, async (opened) => {
      opened.on('request', (request) => {
        if (request.url().endsWith('/api/query')) asked.push(String(request.postData()));
      });
    });
    const editor = page.locator('textarea');
    await expect.poll(() => asked.length, patience).toBe(1);
    await editor.fill('SELECT 2');
    await editor.press('Control+Enter');
    await expect.poll(() => asked.length, patience).toBe(2);
    await page.goBack();
    await expect.poll(() => asked.length, patience).toBe(3);
    expect(await editor.inputValue()).toBe('SELECT 1');
    expect(asked.map((each) => /SELECT \d/.exec(each)?.[0])).toEqual([
      'SELECT 1',
      'SELECT 2',
      'SELECT 1',
    ]);
  });
});

describe('the live connection', () => {
  const news = (knownAtMs: number) =>
    `event: corrections\ndata: ${JSON.stringify([{ ...correction, knownAtMs }])}\n\n`;

  it('requests missed data when it reconnects', async () => {
    let asked = 0;
    await using page = await open(`/corrections?${span}`, {}, async (opened) => {
      opened.on('request', (request) => {
        if (request.url().endsWith('/api/corrections')) asked += 1;
      });
    });
    await page.locator('main').waitFor();
    await expect.poll(() => asked, patience).toBeGreaterThan(1);
  });

  it('changes nothing on a paused page', async () => {
    let opened = 0;
    await using page = await open(`/corrections?${span}`, {}, (prepared) =>
      prepared.route('**/api/live', (route) => {
        opened += 1;
        return route.fulfill(events(news(fromMs + 30_000 + opened * 1_000)));
      }),
    );
    const rows = page.locator('.corrections tbody tr');
    await rows.first().waitFor();
    await page.keyboard.press('l');
    const shown = await rows.count();
    const [before] = await rows.allTextContents();
    const then = opened;
    await expect.poll(() => opened, patience).toBeGreaterThan(then + 2);
    expect(await rows.count()).toBe(shown);
    expect((await rows.allTextContents())[0]).toBe(before);
  });
});

it('works in a browser without storage', async () => {
  await using page = await open(`/query?sql=SELECT`, {}, (opened) =>
    opened.addInitScript(`Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('denied', 'SecurityError'); },
    })`),
  );
  await expect.poll(() => page.locator('table.result').count(), patience).toBe(1);
  await page.keyboard.press('t');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
});
