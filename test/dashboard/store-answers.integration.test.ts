import type { Attribute, Row } from '@highwater/model';
import { loadConfig } from '@highwater/service';
import { openReader } from '@highwater/stores';
import { SimulatedClock } from '@highwater/testkit';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardConfig } from '../../apps/dashboard/src/config.ts';
import type {
  CorrectionsReply,
  MeasuresReply,
  PointsReply,
  QueryReply,
  SearchReply,
  ValuesReply,
  WindowsReply,
} from '../../apps/dashboard/src/contract.ts';
import { DimensionValues } from '../../apps/dashboard/src/explore/dimension-values.ts';
import { addApi } from '../../apps/dashboard/src/http/add-api.ts';
import { LiveFeed } from '../../apps/dashboard/src/http/live-feed.ts';
import { PipelineWatch } from '../../apps/dashboard/src/pipeline/pipeline-watch.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';
import { fillStore } from './fill-store.ts';

// Goal: each route answers according to the rows in the store. Method: a real store with known
// rows, at a fixed time, queried through the API.

// In the past by any clock, because PostgreSQL takes no rows of the future.
const startMs = Date.UTC(2025, 0, 1);
const at = (seconds: number) => startMs + seconds * 1_000;

/** A store of one engine. */
interface Place extends AsyncDisposable {
  /** Settings of its tables, as a service writes them. */
  readonly settings: Readonly<Record<string, string>>;
  /** The same as a user who only reads, where the engine has users. */
  readonly reading: Readonly<Record<string, string>>;
  /** Settings of tables that nobody has made. */
  readonly elsewhere: Readonly<Record<string, string>>;
  /** Gives the numbers from 1 to 1,500 in the column n. */
  readonly statement: string;
}

async function timestreamPlace(): Promise<Place> {
  const server = await startTimestreamLocal({ retentionClock: () => at(600) });
  const settings = {
    AWS_ENDPOINT_URL_TIMESTREAM_WRITE: server.endpoint,
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: server.endpoint,
  };
  return {
    settings,
    reading: settings,
    elsewhere: { ...settings, HW_STORE: 'timestream://elsewhere/metrics' },
    statement: 'SELECT n FROM (VALUES 1) AS t(one) CROSS JOIN UNNEST(sequence(1, 1500)) AS s(n)',
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function postgresPlace(): Promise<Place> {
  const postgres = await temporaryPostgres();
  const settingsOf = (full: string) => {
    const url = new URL(full);
    const HW_STORE_PASSWORD = url.password;
    url.password = '';
    const days = { HW_STORE_RAW_DAYS: '36500', HW_STORE_ROWS_DAYS: '36500' };
    return { ...days, HW_STORE: url.href, HW_STORE_PASSWORD };
  };
  const reading = settingsOf(postgres.server.readerUrl);
  return {
    settings: settingsOf(postgres.server.url),
    reading,
    elsewhere: { ...reading, HW_STORE: `${reading.HW_STORE}?schema=elsewhere` },
    statement: 'SELECT n FROM generate_series(1, 1500) AS s(n)',
    [Symbol.asyncDispose]: () => postgres[Symbol.asyncDispose](),
  };
}

/** The API on the tables of some settings. */
async function openApi(settings: Readonly<Record<string, string>>) {
  await using cleanUp = new AsyncDisposableStack();
  const clock = new SimulatedClock(at(600));
  const config = loadConfig(dashboardConfig, settings);
  const limits = { requestsInFlightMax: 6, requestTimeoutMs: 30_000, clock };
  const reader = cleanUp.use(await openReader(config, limits));
  const api = fastify();
  addApi(
    api,
    {
      config,
      reader,
      values: new DimensionValues(reader, clock),
      watch: new PipelineWatch(
        async () => ({ source: 'none', problem: null, services: [] }),
        clock,
      ),
      nowMs: () => clock.nowMs(),
    },
    new LiveFeed(reader, clock),
  );
  cleanUp.defer(() => api.close());
  const open = cleanUp.move();
  return { api, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

let server: FastifyInstance;

async function ask<Reply>(path: string, payload: object, api = server): Promise<Reply> {
  const response = await api.inject({ method: 'POST', url: `/api/${path}`, payload });
  expect(response.statusCode).toBe(200);
  return response.json<Reply>();
}

interface Cells {
  readonly measure: string;
  readonly value: string | number;
  readonly second: number;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly attributes?: readonly Attribute[];
  readonly type?: Row['measureValueType'];
}

function rowOf({ measure, value, second, dimensions, attributes, type = 'DOUBLE' }: Cells): Row {
  return {
    measureName: measure,
    measureValueType: type,
    measureValue: String(value),
    attributes,
    dimensions: Object.entries(dimensions).map(([name, text]) => ({ name, value: text })),
    time: String(at(second)),
    timeUnit: 'MILLISECONDS',
    version: 1,
  };
}

function* points(): Generator<Row> {
  for (let second = 0; second < 10; second++) {
    const north = { host: 'a', region: 'north' };
    yield rowOf({ measure: 'tide', value: second, second, dimensions: north });
    const south = { host: 'b', region: 'south' };
    yield rowOf({ measure: 'tide', value: 100 + second, second, dimensions: south });
  }
  // Four a second, one of them far above the others.
  for (let index = 0; index < 400; index++) {
    const value = index === 111 ? 1_000 : index % 8;
    yield rowOf({ measure: 'dense', value, second: index / 4, dimensions: { host: 'a' } });
  }
  for (let host = 0; host < 10; host++) {
    for (let second = 0; second <= host; second++) {
      yield rowOf({ measure: 'many', value: 1, second, dimensions: { host: `h${host}` } });
    }
  }
  const note = {
    measure: 'note',
    value: 'calm',
    type: 'VARCHAR',
    dimensions: { host: 'a' },
  } as const;
  yield rowOf({ ...note, second: 5 });
}

const bound = (second: number) =>
  new Date(at(second)).toISOString().replace('T', ' ').replace('Z', '');
const windowOf = (host: string, second: number) => ({
  host,
  window_start: bound(second),
  window_end: bound(second + 10),
});

function* viewRows(): Generator<Row> {
  const rows = [
    { host: 'a', second: 0, value: 2, interpolated: 'none' },
    { host: 'b', second: 0, value: 4, interpolated: 'none' },
    { host: 'a', second: 10, value: 3, interpolated: 'linear' },
    { host: 'b', second: 10, value: 5, interpolated: 'none' },
    { host: 'a', second: 20, value: 7, interpolated: 'linear' },
  ];
  for (const { host, second, value, interpolated } of rows) {
    yield rowOf({
      measure: 'avg_tide',
      value,
      second: second + 10,
      dimensions: windowOf(host, second),
      attributes: [{ name: 'interpolated', type: 'VARCHAR', value: interpolated }],
    });
  }
}

function* corrections(): Generator<Row> {
  const change = { points: 3, added: 1, late: 1, lateByMs: 5_000 };
  const rows = [
    { host: 'a', knownAt: 15, value: JSON.stringify({ ...change, from: 1, to: 2 }) },
    { host: 'b', knownAt: 25, value: JSON.stringify({ ...change, from: 1, to: 4 }) },
    { host: 'a', knownAt: 26, value: 'no change at all' },
    { host: 'a', knownAt: 27, value: JSON.stringify({ ...change, from: 'one', to: 2 }) },
  ];
  for (const { host, knownAt, value } of rows) {
    const dimensions = windowOf(host, 0);
    yield rowOf({ measure: 'avg_tide', value, second: knownAt, dimensions, type: 'VARCHAR' });
  }
}

const minute = { fromMs: startMs, toMs: at(60) };

describe.each([
  { engine: 'Timestream', open: timestreamPlace },
  { engine: 'PostgreSQL', open: postgresPlace },
])('on $engine,', ({ open }) => {
  const cleanUp = new AsyncDisposableStack();
  let place: Place;

  beforeAll(async () => {
    place = cleanUp.use(await open());
    await fillStore(place.settings, points(), 'raw');
    await fillStore(place.settings, viewRows(), 'views');
    await fillStore(place.settings, corrections(), 'corrections');
    server = cleanUp.use(await openApi(place.reading)).api;
  });

  afterAll(() => cleanUp.disposeAsync());

  describe('points', () => {
    const tide = { ...minute, measure: 'tide', pixels: 50 };

    it('are returned individually while they are few, with a line for each value of a dimension', async () => {
      const { binMs, pointsCount, groups, moreGroups } = await ask<PointsReply>('points', {
        ...tide,
        by: 'host',
      });
      expect({ binMs, pointsCount, moreGroups }).toEqual({
        binMs: 0,
        pointsCount: 20,
        moreGroups: false,
      });
      expect(groups.map(({ name }) => name)).toEqual(['a', 'b']);
      const seconds = Array.from({ length: 10 }, (_, second) => second);
      expect(groups[0]).toEqual({
        name: 'a',
        timesMs: seconds.map(at),
        mins: seconds,
        maxs: seconds,
        means: seconds,
        pointsCount: 10,
      });
    });

    it('are those of the chosen series', async () => {
      const filters = { region: ['south'] };
      const { groups } = await ask<PointsReply>('points', { ...tide, filters });
      expect(groups.map(({ mins }) => Math.min(...mins))).toEqual([100]);
    });

    it('become bins, at their middles, when there are more than two per pixel', async () => {
      const dense = { measure: 'dense', pixels: 50, fromMs: startMs };
      const few = await ask<PointsReply>('points', { ...dense, toMs: at(99 / 4) });
      expect([few.binMs, few.pointsCount]).toEqual([0, 100]);
      const more = await ask<PointsReply>('points', { ...dense, toMs: at(100 / 4) });
      expect([more.binMs, more.pointsCount]).toEqual([500, 101]);
      const { binMs, groups } = await ask<PointsReply>('points', { ...dense, toMs: at(100) });
      expect(binMs).toBe(2_000);
      const [group] = groups;
      expect(group?.timesMs.slice(0, 2)).toEqual([at(1), at(3)]);
      expect([group?.mins[0], group?.maxs[0], group?.means[0]]).toEqual([0, 7, 3.5]);
      // The spike is in its bin.
      expect(group?.maxs.indexOf(1_000)).toBe(Math.floor(111 / 8));
    });

    it('of many groups are those of the eight with the most points, and say that there are more', async () => {
      const { groups, moreGroups } = await ask<PointsReply>('points', {
        ...tide,
        measure: 'many',
        by: 'host',
      });
      const names = Array.from({ length: 8 }, (_, index) => `h${index + 2}`);
      expect(groups.map(({ name }) => name)).toEqual(names);
      expect(moreGroups).toBe(true);
      const filters = { host: names };
      const eight = await ask<PointsReply>('points', {
        ...tide,
        measure: 'many',
        by: 'host',
        filters,
      });
      expect([eight.groups.length, eight.moreGroups]).toEqual([8, false]);
    });

    it('are one line if the table has no such dimension', async () => {
      const { groups } = await ask<PointsReply>('points', { ...tide, by: 'planet' });
      expect(groups.map(({ name, pointsCount }) => ({ name, pointsCount }))).toEqual([
        { name: '', pointsCount: 20 },
      ]);
    });
  });

  describe('windows', () => {
    const avg = { ...minute, measure: 'avg_tide' };

    it('contain the averages of their rows, and show which ones were filled', async () => {
      const { windows, isTruncated } = await ask<WindowsReply>('windows', avg);
      expect(isTruncated).toBe(false);
      expect(windows).toEqual(
        [
          { second: 0, mean: 3, min: 2, max: 4, rowsCount: 2, isFilled: false },
          { second: 10, mean: 4, min: 3, max: 5, rowsCount: 2, isFilled: false },
          { second: 20, mean: 7, min: 7, max: 7, rowsCount: 1, isFilled: true },
        ].map(({ second, ...rest }) => ({
          group: '',
          startMs: at(second),
          endMs: at(second + 10),
          ...rest,
        })),
      );
    });

    it('are those that overlap the range, without its ends', async () => {
      const startsOf = async (fromSecond: number, toSecond: number) => {
        const range = { fromMs: at(fromSecond), toMs: at(toSecond) };
        const { windows } = await ask<WindowsReply>('windows', { ...avg, ...range });
        return windows.map((each) => (each.startMs - startMs) / 1_000);
      };
      expect(await startsOf(10, 20)).toEqual([10]);
      expect(await startsOf(9, 21)).toEqual([0, 10, 20]);
      expect(await startsOf(30, 40)).toEqual([]);
    });

    it('have a row for each value of a dimension', async () => {
      const { windows } = await ask<WindowsReply>('windows', { ...avg, toMs: at(5), by: 'host' });
      expect(windows.map(({ group, mean }) => `${group} ${mean}`).toSorted()).toEqual([
        'a 2',
        'b 4',
      ]);
    });

    it('are as known at a time: without windows that ended later and without later corrections', async () => {
      const meansAt = async (second: number) => {
        const { windows } = await ask<WindowsReply>('windows', { ...avg, asKnownAtMs: at(second) });
        return windows.map(({ mean }) => mean);
      };
      expect(await meansAt(12)).toEqual([1]);
      expect(await meansAt(16)).toEqual([1.5]);
      expect(await meansAt(26)).toEqual([3, 4]);
    });
  });

  describe('corrections', () => {
    const hostsOf = ({ corrections: found }: CorrectionsReply) =>
      found.map(({ dimensions }) => dimensions['host']);

    it('are the newest first, without invalid rows', async () => {
      const reply = await ask<CorrectionsReply>('corrections', minute);
      expect([reply.isMissing, reply.isTruncated]).toEqual([false, false]);
      expect(reply.corrections).toEqual([
        expect.objectContaining({ dimensions: { host: 'b' }, knownAtMs: at(25), from: 1, to: 4 }),
        expect.objectContaining({ dimensions: { host: 'a' }, knownAtMs: at(15), from: 1, to: 2 }),
      ]);
    });

    it('are found by when they became known, or by their windows', async () => {
      const range = { fromMs: at(20), toMs: at(30) };
      expect(hostsOf(await ask('corrections', { ...range, order: 'arrival' }))).toEqual(['b']);
      expect(hostsOf(await ask('corrections', { ...range, order: 'window' }))).toEqual([]);
      const first = { fromMs: startMs, toMs: at(10) };
      expect(hostsOf(await ask('corrections', { ...first, order: 'arrival' }))).toEqual([]);
      expect(hostsOf(await ask('corrections', { ...first, order: 'window' }))).toEqual(['b', 'a']);
    });

    it('say when there are more than requested', async () => {
      const until = { fromMs: startMs, toMs: at(25) };
      expect(await ask('corrections', { ...until, limit: 1 })).toMatchObject({ isTruncated: true });
      expect(await ask('corrections', { ...until, limit: 2 })).toMatchObject({
        isTruncated: false,
      });
    });

    it('are those of the chosen series, and none for a dimension that no correction has', async () => {
      expect(hostsOf(await ask('corrections', { ...minute, filters: { host: ['a'] } }))).toEqual([
        'a',
      ]);
      const reply = await ask('corrections', { ...minute, filters: { region: ['north'] } });
      expect(reply).toEqual({ corrections: [], isTruncated: false, isMissing: false });
    });
  });

  describe('measures and values', () => {
    it('list the measures of the range, and their aggregates', async () => {
      const { measures, dimensions } = await ask<MeasuresReply>('measures', minute);
      expect(dimensions).toEqual(['host', 'region']);
      expect(measures).toEqual([
        { name: 'avg_tide', isNumber: true, isView: true },
        { name: 'dense', isNumber: true, isView: false },
        { name: 'many', isNumber: true, isView: false },
        { name: 'note', isNumber: false, isView: false },
        { name: 'tide', isNumber: true, isView: false },
      ]);
    });

    it('find no values for a name that is not a dimension', async () => {
      const tide = { ...minute, measures: ['tide'] };
      expect(await ask<ValuesReply>('values', { ...tide, dimension: 'region' })).toEqual({
        values: ['north', 'south'],
        isTruncated: false,
      });
      for (const dimension of ['window_start', 'measure_name', 'planet']) {
        expect(await ask('values', { ...tide, dimension })).toEqual({
          values: [],
          isTruncated: false,
        });
      }
    });

    it('omit dimensions without a matching value', async () => {
      const { dimensions } = await ask<SearchReply>('search', { ...minute, search: 'NOR' });
      expect(dimensions.map(({ dimension }) => dimension)).toEqual(['region']);
    });
  });

  it('answers a query page by page up to the requested number of rows', async () => {
    const { statement } = place;
    const part = await ask<QueryReply>('query', { statement, rowsMax: 1_200 });
    expect([part.rows.length, part.isTruncated]).toEqual([1_200, true]);
    const all = await ask<QueryReply>('query', { statement, rowsMax: 1_500 });
    expect([all.rows.length, all.isTruncated]).toEqual([1_500, false]);
  });

  it('answers with nothing where no row has been stored yet', async () => {
    const { api: empty } = cleanUp.use(await openApi(place.elsewhere));
    const nothing = { measures: [], dimensions: [] };
    expect(await ask('measures', minute, empty)).toEqual(nothing);
    expect(await ask('search', { ...minute, search: 'a' }, empty)).toEqual({ dimensions: [] });
    expect(await ask('corrections', minute, empty)).toEqual({
      corrections: [],
      isTruncated: false,
      isMissing: true,
    });
    const tide = { ...minute, measure: 'tide' };
    expect(await ask('points', { ...tide, pixels: 50 }, empty)).toMatchObject({ groups: [] });
    expect(await ask('windows', tide, empty)).toMatchObject({ windows: [], isTruncated: false });
  });
});
