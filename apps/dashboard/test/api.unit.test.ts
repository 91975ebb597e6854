import { SimulatedClock } from '@highwater/testkit';
import { loadConfig } from '@highwater/service';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { dashboardConfig } from '../src/config.ts';
import { QueryRefusedError, readingStatement, StoreUnavailableError } from '@highwater/store-kit';
import { BusyError } from '../src/errors.ts';
import { DimensionValues } from '../src/explore/dimension-values.ts';
import { addApi } from '../src/http/add-api.ts';
import { guard } from '../src/http/guard.ts';
import { LiveFeed } from '../src/http/live-feed.ts';
import { limitRate } from '../src/http/limit-rate.ts';
import { replyToErrors } from '../src/http/reply-error.ts';
import { PipelineWatch } from '../src/pipeline/pipeline-watch.ts';
import { documented } from './documented.ts';
import { emptyReader } from './empty-reader.ts';

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The API over a store without rows, or one that fails. */
function apiOf({
  perSecondMax = 1_000,
  failure,
  source = 'none',
}: { perSecondMax?: number; failure?: Error; source?: 'none' | 'scrape' } = {}) {
  const clock = new SimulatedClock();
  const asked: string[] = [];
  const ask = async <Result>(what: string, result: Result): Promise<Result> => {
    asked.push(what);
    if (failure) throw failure;
    return result;
  };
  const empty = { items: [], isTruncated: false, elapsedMs: 0 };
  const reader = emptyReader({
    points: () => ask('points', empty),
    bins: () => ask('bins', empty),
    dimensions: () => ask('dimensions', []),
    query: (statement) =>
      ask(readingStatement(statement), {
        columns: [],
        rows: [],
        isTruncated: false,
        elapsedMs: 0,
      }),
  });
  const context = {
    config: loadConfig(dashboardConfig, {}),
    reader,
    values: new DimensionValues(reader, clock),
    watch: new PipelineWatch(async () => ({ source, problem: null, services: [] }), clock),
    nowMs: () => clock.nowMs(),
  };
  const server = fastify({ bodyLimit: 1_000 });
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') routes.push(`${String(method)} ${url}`);
  });
  guard(server, []);
  limitRate(server, { perSecondMax, clock });
  replyToErrors(server, log);
  addApi(server, context, new LiveFeed(reader, clock));
  return { server, routes, asked, clock, watch: context.watch };
}

type Operation = { responses: Record<string, { content: Record<string, object> }> };
type Paths = Record<string, Record<string, Operation>>;

async function documentOf({ server }: Pick<ReturnType<typeof apiOf>, 'server'>) {
  return (await server.inject('/api/openapi.json')).json<{ paths: Paths }>();
}

describe('the documentation', () => {
  it('has every route, with a schema for its reply and for each of its errors', async () => {
    const { server, routes } = apiOf();
    const { paths } = await documentOf({ server });
    const found = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(found.toSorted()).toEqual(routes.toSorted());
    for (const [path, operations] of Object.entries(paths)) {
      for (const { responses } of Object.values(operations)) {
        expect(Object.keys(responses)).toEqual(
          expect.arrayContaining(['200', '403', '421', '429', '500']),
        );
        for (const [status, { content }] of Object.entries(responses)) {
          const [type = {}] = Object.values(content);
          expect({ path, status, has: Object.keys(type) }).toEqual({
            path,
            status,
            has: [path === '/api/live' && status === '200' ? 'itemSchema' : 'schema'],
          });
        }
      }
    }
    expect(JSON.stringify(paths['/api/points'])).toContain('Width of the chart');
  });

  const unavailable = new StoreUnavailableError('querying the store: no answer');
  const post = { method: 'POST', url: '/api/query', payload: { statement: 'SELECT 1' } } as const;
  it.each([
    { status: 400, inject: { ...post, payload: {} } },
    { status: 400, inject: { ...post, payload: { statement: 'DROP TABLE t' } } },
    { status: 403, inject: { ...post, headers: { origin: 'http://elsewhere.example' } } },
    { status: 413, inject: { ...post, payload: { statement: 'x'.repeat(2_000) } } },
    { status: 415, inject: { ...post, payload: 'a', headers: { 'content-type': 'text/csv' } } },
    { status: 421, inject: { ...post, headers: { host: 'elsewhere.example' } } },
    { status: 429, inject: post, options: { perSecondMax: 0 } },
    { status: 500, inject: post, options: { failure: new Error('a fault of ours') } },
    { status: 503, inject: post, options: { failure: unavailable } },
    { status: 421, inject: { url: '/api/live', headers: { host: 'elsewhere.example' } } },
  ] as const)('describes the answer with status $status', async ({ status, inject, ...rest }) => {
    const docs = documented(await documentOf(apiOf()));
    const { server } = apiOf('options' in rest ? rest.options : {});
    const response = await server.inject(inject);
    expect(response.statusCode).toBe(status);
    const method = 'method' in inject ? inject.method : 'GET';
    expect(docs.problemsOf({ method, path: inject.url }, status, response.json())).toEqual([]);
    expect(response.json<{ error: { message: string } }>().error.message).not.toBe('');
  });

  it('does not match a reply with another shape', async () => {
    const docs = documented(await documentOf(apiOf()));
    const route = { method: 'GET', path: '/api/pipeline' };
    expect(docs.problemsOf(route, 200, { state: null, history: [] })).toEqual([]);
    expect(docs.problemsOf(route, 200, { state: null, history: [], more: 1 })).not.toEqual([]);
    expect(docs.problemsOf(route, 200, { state: null })).not.toEqual([]);
    expect(docs.problemsOf(route, 418, {})).not.toEqual([]);
  });
});

describe('the API', () => {
  it.each([
    { path: '/api/points', body: { fromMs: 2, toMs: 1, measure: 'm', pixels: 900 } },
    { path: '/api/points', body: { fromMs: 1, toMs: 2, measure: 'm', pixels: 1e6 } },
    { path: '/api/query', body: { statement: 'SELECT 1', rowsMax: 10_001 } },
    { path: '/api/search', body: { fromMs: 1, toMs: 2, search: 'x'.repeat(201) } },
    { path: '/api/query', body: { statement: 'DROP TABLE metrics' } },
  ])('rejects $body at $path before the store is asked', async ({ path, body }) => {
    const { server, asked } = apiOf();
    const { statusCode } = await server.inject({ method: 'POST', url: path, payload: body });
    expect(statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  it('accepts no body that is too large', async () => {
    const { server } = apiOf();
    const payload = { statement: `SELECT '${'x'.repeat(2_000)}'` };
    const { statusCode } = await server.inject({ method: 'POST', url: '/api/query', payload });
    expect(statusCode).toBe(413);
  });

  it('limits the answers a second, and then continues', async () => {
    const { server, clock } = apiOf({ perSecondMax: 3 });
    const ask = async () => (await server.inject('/api/info')).statusCode;
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers).toEqual([200, 200, 200, 429]);
    await clock.advance(1_000);
    expect(await ask()).toBe(200);
  });

  it('answers a client, however fast another one sends requests, and four at their full rate', async () => {
    const { server } = apiOf({ perSecondMax: 3 });
    const ask = async (remoteAddress: string) =>
      (await server.inject({ url: '/api/info', remoteAddress })).statusCode;
    const answered = async (address: string) => {
      const statuses = [];
      for (let at = 0; at < 20; at += 1) statuses.push(await ask(address));
      return statuses.filter((status) => status === 200).length;
    };
    expect(await answered('10.0.0.1')).toBe(3);
    expect(await answered('10.0.0.2')).toBe(3);
    for (const rest of ['10.0.0.3', '10.0.0.4', '10.0.0.5']) await answered(rest);
    expect(await ask('10.0.0.6')).toBe(429);
  });

  it('does not count requests from pages of other sites', async () => {
    const { server } = apiOf({ perSecondMax: 1 });
    const foreign = { url: '/api/info', headers: { 'sec-fetch-site': 'cross-site' } };
    for (let at = 0; at < 10; at += 1) {
      expect((await server.inject(foreign)).statusCode).toBe(403);
    }
    expect((await server.inject('/api/info')).statusCode).toBe(200);
  });

  it('limits only its own routes, and says when to retry', async () => {
    const { server } = apiOf({ perSecondMax: 0 });
    server.get('/explore', () => 'the page');
    expect((await server.inject('/explore')).statusCode).toBe(200);
    const { statusCode, headers } = await server.inject('/api/info');
    expect([statusCode, headers['retry-after']]).toEqual([429, '1']);
  });

  it('prevents caching of its answers', async () => {
    const { server } = apiOf();
    for (const url of ['/api/info', '/api/pipeline']) {
      expect((await server.inject(url)).headers['cache-control']).toBe('no-store');
    }
  });

  it('reports its tables, and whether services are configured', async () => {
    const { server, clock, watch } = apiOf();
    const info = async (of: typeof server) => (await of.inject('/api/info')).json<object>();
    expect(await info(server)).toMatchObject({
      engine: 'Timestream',
      examples: [{ title: 'One', statement: 'SELECT 1' }],
      nowMs: clock.nowMs(),
    });
    const { signal } = new AbortController();
    await watch.look(signal);
    expect(await info(server)).toMatchObject({ hasServices: false });
    const scraping = apiOf({ source: 'scrape' });
    await scraping.watch.look(signal);
    expect(await info(scraping.server)).toMatchObject({ hasServices: true });
  });

  const query = { method: 'POST', url: '/api/query', payload: { statement: 'SELECT 1' } } as const;

  it.each([
    { failure: new BusyError('too many'), status: 429, code: 'HW_DASHBOARD_BUSY' },
    {
      failure: new QueryRefusedError('line 2:3: no', { line: 2, column: 3 }),
      status: 400,
      code: 'HW_STORE_QUERY_REFUSED',
    },
    {
      failure: new StoreUnavailableError('away'),
      status: 503,
      code: 'HW_STORE_UNAVAILABLE',
    },
  ])(
    'answers $status when the store reports $failure.message',
    async ({ failure, status, code }) => {
      const response = await apiOf({ failure }).server.inject(query);
      expect(response.statusCode).toBe(status);
      const place = 'place' in failure ? failure.place : {};
      expect(response.json()).toEqual({ error: { code, message: failure.message, ...place } });
    },
  );

  it('writes the details of its own errors only to its log', async () => {
    const response = await apiOf({ failure: new Error('the secret of /etc') }).server.inject(query);
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
  });

  it('answers 404 to unknown paths', async () => {
    const response = await apiOf().server.inject('/api/nothing');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ error: { code: 'HW_DASHBOARD_NOT_FOUND' } });
  });
});
