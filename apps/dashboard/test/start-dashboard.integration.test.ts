import { loadConfig, systemClock } from '@highwater/service';
import { silentLogger } from '@highwater/testkit';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { dashboardConfig } from '../src/config.ts';
import type { PipelineReply } from '../src/contract.ts';
import { DimensionValues } from '../src/explore/dimension-values.ts';
import { addApi } from '../src/http/add-api.ts';
import { LiveFeed } from '../src/http/live-feed.ts';
import { PipelineWatch } from '../src/pipeline/pipeline-watch.ts';
import { startDashboard } from '../src/start-dashboard.ts';
import { emptyReader } from './empty-reader.ts';

/** A server that answers everything with one text. */
async function saying(text: string) {
  const server = createServer((_request, response) => {
    response.end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function start(settings: Readonly<Record<string, string>>) {
  const config = loadConfig(dashboardConfig, {
    HW_DASHBOARD_PORT: '0',
    AWS_ENDPOINT_URL_TIMESTREAM_QUERY: 'http://127.0.0.1:1',
    ...settings,
  });
  return startDashboard({ config, log: silentLogger, clock: systemClock });
}

describe('the dashboard', () => {
  it('serves its page at each of its paths, and its assets with permanent caching', async () => {
    await using dashboard = await start({});
    const get = (path: string) => fetch(dashboard.url + path);
    const page = await (await get('/')).text();
    for (const path of ['/explore', '/corrections', '/pipeline', '/query']) {
      const reply = await get(`${path}?range=1h`);
      expect(await reply.text()).toBe(page);
      expect(reply.headers.get('cache-control')).toContain('max-age=0');
    }
    expect((await get('/elsewhere')).status).toBe(404);
    const [script = ''] = /\/assets\/[\w.-]+\.js/.exec(page) ?? [];
    const part = await get(script);
    expect(part.status).toBe(200);
    expect(part.headers.get('cache-control')).toMatch(/max-age=31536000.*immutable/);
  });

  it('asks Prometheus if one is set, and otherwise the services', async () => {
    const sourceOf = async (settings: Readonly<Record<string, string>>) => {
      await using dashboard = await start(settings);
      const source = async () => {
        const reply = await fetch(`${dashboard.url}/api/pipeline`);
        return ((await reply.json()) as PipelineReply).state?.source;
      };
      await expect.poll(source).toBeDefined();
      return await source();
    };
    await using server = await saying('{"data":{"result":[]}}');
    const services = { HW_DASHBOARD_SERVICES: `generator=${server.url}` };
    expect(await sourceOf({ ...services, HW_PROMETHEUS_URL: server.url })).toBe('prometheus');
    expect(await sourceOf(services)).toBe('scrape');
    expect(await sourceOf({})).toBe('none');
  });
});

it('ends the query of an aborted request', async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const reader = emptyReader({
    query: (_statement, { signal }) => {
      asked.resolve(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    },
  });
  const nothing = async () => ({ source: 'none', problem: null, services: [] }) as const;
  const context = {
    config: loadConfig(dashboardConfig, {}),
    reader,
    values: new DimensionValues(reader, systemClock),
    watch: new PipelineWatch(nothing, systemClock),
    nowMs: () => systemClock.nowMs(),
  };
  const server = fastify();
  addApi(server, context, new LiveFeed(reader, systemClock));
  await server.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  const body = JSON.stringify({ statement: 'SELECT 1' });
  const head = `POST /api/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json`;
  socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const signal = await asked.promise;
  expect(signal.aborted).toBe(false);
  const aborted = once(signal, 'abort');
  socket.destroy();
  await aborted;
  await server.close();
  expect(signal.aborted).toBe(true);
});
