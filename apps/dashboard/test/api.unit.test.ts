import { SimulatedClock } from '@highwater/testkit';
import { loadConfig } from '@highwater/service';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { dashboardConfig } from '../src/config.ts';
import { DimensionValues } from '../src/explore/dimension-values.ts';
import { limitRate } from '../src/http/limit-rate.ts';
import { openApiDocument } from '../src/http/open-api.ts';
import { replyToErrors } from '../src/http/reply-error.ts';
import { addRoutes, apiRoutes } from '../src/http/routes.ts';
import { PipelineWatch } from '../src/pipeline/pipeline-watch.ts';
import type { QueryPort } from '../src/store/query-port.ts';
import { Tables } from '../src/store/tables.ts';

const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
const empty = { columns: [], rows: [], isTruncated: false, elapsedMs: 0, bytesScanned: 0 };

/** The API over a store without rows. */
function apiOf({ perSecondMax = 1_000 } = {}) {
  const clock = new SimulatedClock();
  const asked: { statement: string; rowsMax: number }[] = [];
  const port: QueryPort = {
    query: async (statement, { rowsMax }) => {
      asked.push({ statement, rowsMax });
      return empty;
    },
  };
  const names = { database: 'highwater', table: 'metrics', corrections: 'corrections' };
  const tables = new Tables(port, names, clock);
  const routes = apiRoutes({
    config: loadConfig(dashboardConfig, {}),
    port,
    tables,
    values: new DimensionValues({ port, tables }, clock),
    watch: new PipelineWatch(async () => ({ source: 'none', problem: null, services: [] }), clock),
    nowMs: () => clock.nowMs(),
  });
  const server = fastify({ bodyLimit: 1_000 });
  limitRate(server, { perSecondMax, clock });
  replyToErrors(server, log);
  addRoutes(server, routes);
  return { server, routes, asked, clock };
}

describe('the API', () => {
  it('describes every route, and what it takes', () => {
    const { routes } = apiOf();
    const { paths } = openApiDocument(routes) as { paths: Record<string, unknown> };
    expect(Object.keys(paths).toSorted()).toEqual(
      [...routes.map(({ path }) => path), '/api/live'].toSorted(),
    );
    expect(JSON.stringify(paths['/api/points'])).toContain('Width of the chart');
  });

  it.each([
    { path: '/api/points', body: { fromMs: 2, toMs: 1, measure: 'm', pixels: 900 } },
    { path: '/api/points', body: { fromMs: 1, toMs: 2, measure: 'm', pixels: 1e6 } },
    { path: '/api/query', body: { statement: 'SELECT 1', rowsMax: 10_001 } },
    { path: '/api/search', body: { fromMs: 1, toMs: 2, search: 'x'.repeat(201) } },
    { path: '/api/query', body: { statement: 'DROP TABLE metrics' } },
  ])('refuses $body at $path before the store is asked', async ({ path, body }) => {
    const { server, asked } = apiOf();
    const { statusCode } = await server.inject({ method: 'POST', url: path, payload: body });
    expect(statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  it('takes no body that is too large', async () => {
    const { server } = apiOf();
    const payload = { statement: `SELECT '${'x'.repeat(2_000)}'` };
    const { statusCode } = await server.inject({ method: 'POST', url: '/api/query', payload });
    expect(statusCode).toBe(413);
  });

  it('answers so many requests a second, and then again', async () => {
    const { server, clock } = apiOf({ perSecondMax: 3 });
    const ask = async () => (await server.inject('/api/info')).statusCode;
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers).toEqual([200, 200, 200, 429]);
    await clock.advance(1_000);
    expect(await ask()).toBe(200);
  });
});
