import { visit } from './fake-browser.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Correction, MeasureInfo, WindowRow } from '../../src/contract.ts';
import type { Choice } from '../explore/choice.ts';
import { firstChoice } from '../explore/first-choice.ts';
import { loadPanels } from '../explore/load-panels.ts';
import { summaryOf } from '../explore/panel-summary.ts';
import { ApiError, ask } from '../lib/api.ts';

const { signal } = new AbortController();
let asked: { readonly path: string; readonly body: Readonly<Record<string, unknown>> }[] = [];

/** An API that answers each path as the test specifies, or fails. */
function answering(replies: Readonly<Record<string, unknown>>): void {
  vi.stubGlobal('fetch', async (path: string, { body = '{}' }: { readonly body?: string } = {}) => {
    const name = path.replace('/api/', '');
    asked.push({ path: name, body: JSON.parse(body) as Record<string, unknown> });
    const reply = replies[name];
    if (reply instanceof Error) throw reply;
    return reply instanceof Response ? reply : Response.json(reply);
  });
}

beforeEach(() => {
  asked = [];
  visit('/');
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the API', () => {
  it('uses POST with a body, and GET without', async () => {
    vi.stubGlobal('fetch', async (path: string, options: RequestInit) =>
      Response.json({ path, method: options.method ?? 'GET', body: options.body ?? null }),
    );
    expect(await ask('info', undefined)).toEqual({ path: '/api/info', method: 'GET', body: null });
    expect(await ask('query', { a: 1 })).toEqual({
      path: '/api/query',
      method: 'POST',
      body: '{"a":1}',
    });
  });

  const json = (status: number, body: object) => Response.json(body, { status });
  it.each([
    {
      reply: json(400, { error: { code: 'X', message: 'no such column', line: 2, column: 7 } }),
      error: { message: 'no such column', line: 2, column: 7 },
    },
    { reply: json(502, {}), error: { message: 'The dashboard returned status 502.' } },
    {
      reply: new Response('<h1>', { status: 200 }),
      error: {
        message:
          'The dashboard returned status 200 without JSON. Is another server or a proxy answering on its address?',
      },
    },
    {
      reply: new TypeError('refused'),
      error: { message: 'The dashboard does not answer. Check that it is running.' },
    },
  ])('that fails causes an error that says $error.message', async ({ reply, error }) => {
    answering({ query: reply });
    const failure = await ask('query', {}).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject(error);
  });

  it('that is aborted is not a failure of the dashboard', async () => {
    const overtaken = new AbortController();
    const reason = new Error('overtaken');
    answering({ query: reason });
    overtaken.abort(reason);
    await expect(ask('query', {}, overtaken.signal)).rejects.toBe(reason);
  });
});

const measure = (name: string, more: Partial<MeasureInfo> = {}): MeasureInfo => ({
  name,
  isNumber: true,
  isView: false,
  ...more,
});
const view = (name: string) => measure(name, { isView: true });
const correction = (more: Partial<Correction> = {}): Correction => ({
  measure: 'avg_tide',
  dimensions: { region: 'north', host: 'a' },
  windowStartMs: 0,
  windowEndMs: 10_000,
  knownAtMs: 15_000,
  from: 1,
  to: 2,
  points: 3,
  added: 1,
  late: 1,
  lateByMs: 5_000,
  ...more,
});

describe('the first choice', () => {
  const chosenOf = (measures: readonly MeasureInfo[], hasRange = false) =>
    firstChoice({ measures, dimensions: [] }, { hasRange, signal });

  it('is a measure with an aggregate, for the series that late points changed last', async () => {
    answering({ corrections: { corrections: [correction()] } });
    const measures = [measure('ebb'), measure('tide'), view('avg_tide')];
    const chosen = { m: 'tide', a: 'avg_tide', where: 'host:a' };
    // Twenty windows of ten seconds are within five minutes.
    expect(await chosenOf(measures)).toEqual({ ...chosen, range: '5m' });
    expect(asked[0]?.body).toMatchObject({ measures: ['avg_tide'], order: 'arrival', limit: 1 });
    expect(await chosenOf(measures, true)).toEqual(chosen);
  });

  it('is all series if nothing was corrected, or that is unknown', async () => {
    const measures = [measure('tide'), view('avg_tide')];
    answering({ corrections: { corrections: [] } });
    expect(await chosenOf(measures)).toEqual({ m: 'tide', a: 'avg_tide' });
    answering({ corrections: new Error('away') });
    expect(await chosenOf(measures)).toEqual({ m: 'tide', a: 'avg_tide' });
  });

  it("prefers the generator's measure if it exists, and never one that cannot be drawn", async () => {
    answering({});
    const note = measure('note', { isNumber: false });
    expect(await chosenOf([note, measure('ebb'), measure('cpu_system')])).toEqual({
      m: 'cpu_system',
    });
    expect(await chosenOf([note, measure('ebb')])).toEqual({ m: 'ebb' });
    expect(await chosenOf([note, view('avg_tide')])).toEqual({});
    expect(asked).toEqual([]);
  });
});

describe('panels', () => {
  const span = { fromMs: 0, toMs: 60_000 };
  const nothing: Choice = {
    measures: [],
    aggregates: [],
    filters: {},
    by: undefined,
    knownAtMs: undefined,
    isTable: false,
  };
  const windowRow = (startMs: number, mean: number): WindowRow => ({
    group: '',
    startMs,
    endMs: startMs + 10_000,
    mean,
    min: mean,
    max: mean,
    rowsCount: 1,
    isFilled: false,
  });
  const points = {
    binMs: 2_000,
    pointsCount: 12_345,
    groups: [{ name: '', timesMs: [1], mins: [3], maxs: [8], means: [5], pointsCount: 12_345 }],
    moreGroups: true,
    elapsedMs: 5,
  };
  const windows = { windows: [windowRow(0, 2)], isTruncated: false, elapsedMs: 7 };
  const load = (choice: Partial<Choice>) =>
    loadPanels(
      [{ measure: 'tide', aggregates: ['avg_tide'] }],
      { ...nothing, ...choice },
      { span, pixels: 900, signal },
    );

  it('have the points, the windows with their first values, and the corrections', async () => {
    const other = correction({ measure: 'max_tide', to: 99 });
    answering({
      points,
      windows,
      corrections: { corrections: [correction(), other], isTruncated: false },
    });
    const [panel] = await load({ by: 'host', filters: { region: ['north'] } });
    expect(panel).toMatchObject({
      pointsCount: 12_345,
      moreGroups: true,
      isTruncated: false,
      elapsedMs: 12,
      data: { span, binMs: 2_000, groups: points.groups },
    });
    const common = { ...span, filters: { region: ['north'] }, by: 'host' };
    expect(asked.find(({ path }) => path === 'points')?.body).toEqual({
      ...common,
      measure: 'tide',
      pixels: 900,
    });
    expect(asked.find(({ path }) => path === 'windows')?.body).toEqual({
      ...common,
      measure: 'avg_tide',
    });
    const [all] = await load({});
    expect(all?.data.layers).toMatchObject([
      { measure: 'avg_tide', windows: [{ mean: 2, firstMean: 1 }] },
    ]);
    expect(all?.marks).toHaveLength(1);
  });

  it('as known at a time have no later correction', async () => {
    answering({
      points,
      windows,
      corrections: {
        corrections: [correction({ knownAtMs: 20_000, from: 2, to: 5 }), correction()],
        isTruncated: false,
      },
    });
    const [panel] = await load({ knownAtMs: 15_000 });
    expect(asked.find(({ path }) => path === 'windows')?.body).toMatchObject({
      asKnownAtMs: 15_000,
    });
    expect(panel?.marks[0]?.corrections.map(({ knownAtMs }) => knownAtMs)).toEqual([15_000]);
    expect(panel?.data.layers[0]?.windows[0]?.firstMean).toBe(1);
  });

  it('say when corrections or windows are missing', async () => {
    const corrections = { corrections: [], isTruncated: false };
    answering({ points, windows, corrections: { ...corrections, isTruncated: true } });
    expect((await load({}))[0]?.isTruncated).toBe(true);
    answering({ points, windows: { ...windows, isTruncated: true }, corrections });
    expect((await load({}))[0]?.isTruncated).toBe(true);
  });

  it('are described in words', async () => {
    answering({
      points,
      windows,
      corrections: { corrections: [correction()], isTruncated: false },
    });
    const [panel] = await load({});
    expect(panel && summaryOf(panel)).toBe(
      'tide from 00:00:00 to 00:01:00: 12.3k points, between 3 and 8; avg_tide: 1 windows, the last 2; 1 corrected windows.',
    );
  });
});
