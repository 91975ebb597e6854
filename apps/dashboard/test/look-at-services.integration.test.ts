import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { askPrometheus } from '../src/pipeline/ask-prometheus.ts';
import { scrapeServices } from '../src/pipeline/scrape-services.ts';

const { signal } = new AbortController();

/**
 * A server that answers each path with a text, and no other path. `url` stays valid after it has
 * closed.
 */
async function serving(texts: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://any');
    asked.push(searchParams.get('query') ?? pathname);
    response.statusCode = pathname in texts ? 200 : 404;
    response.end(texts[pathname]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function addressOfNothing(): Promise<string> {
  await using gone = await serving({});
  return gone.url;
}

describe('scraping', () => {
  it('shows the state of each service, and which ones are down', async () => {
    await using up = await serving({
      '/readyz': 'starting\n',
      '/metrics': 'generator_points_sent_total 7\n',
    });
    const down = await addressOfNothing();
    const targets = [
      { service: 'aggregator', url: down },
      { service: 'generator', url: up.url },
    ];
    expect(await scrapeServices(targets)(signal)).toEqual({
      source: 'scrape',
      problem: null,
      services: [
        {
          service: 'aggregator',
          url: down,
          isUp: false,
          detail: 'connection refused',
          samples: [],
        },
        {
          service: 'generator',
          url: up.url,
          isUp: true,
          detail: 'starting',
          samples: [{ name: 'generator_points_sent_total', labels: {}, value: 7 }],
        },
      ],
    });
  });

  it('says so when no services are configured', async () => {
    expect(await scrapeServices([])(signal)).toMatchObject({ source: 'none', services: [] });
  });
});

describe('Prometheus', () => {
  const sample = (labels: Readonly<Record<string, string>>, value: string) => ({
    metric: labels,
    value: [1_700_000_000, value],
  });
  const replyOf = (...result: readonly object[]) => JSON.stringify({ data: { result } });
  const path = '/api/v1/query';
  const of = (instance: string, job = 'aggregator') => ({ job, instance });
  const records = 'highwater_records_received_total';

  it('distinguishes processes by job and instance, and shows which ones it cannot reach', async () => {
    await using server = await serving({
      [path]: replyOf(
        sample({ __name__: records, ...of('a:1') }, '5'),
        sample({ __name__: 'up', ...of('a:1') }, '1'),
        sample({ __name__: records, ...of('b:1'), shard_id: 's-1' }, '6'),
        sample({ __name__: 'up', ...of('b:1') }, '0'),
      ),
    });
    const { source, problem, services } = await askPrometheus(server.url)(signal);
    expect([source, problem]).toEqual(['prometheus', null]);
    expect(services).toMatchObject([
      { service: 'aggregator', url: 'a:1', isUp: true, detail: 'up' },
      { service: 'aggregator', url: 'b:1', isUp: false, detail: 'Prometheus cannot reach it' },
    ]);
    expect(services[1]?.samples).toContainEqual({
      name: records,
      labels: { shard_id: 's-1' },
      value: 6,
    });
    expect(server.asked).toEqual([expect.stringContaining('__name__=~')]);
  });

  it("is only asked about Highwater's services, and skips values that are not numbers", async () => {
    await using server = await serving({
      [path]: replyOf(
        sample({ __name__: 'process_cpu_seconds_total', ...of('c:1', 'node') }, '9'),
        sample({ __name__: records, ...of('a:1') }, 'NaN'),
        sample({ __name__: 'generator_points_sent_total', ...of('g:1', 'generator') }, '3'),
      ),
    });
    const { services } = await askPrometheus(server.url)(signal);
    expect(services.map(({ service }) => service)).toEqual(['generator']);
  });

  it.each([
    { does: 'does not answer', texts: undefined, problem: /fetch failed/ },
    { does: 'answers something else', texts: { [path]: '{"data":{}}' }, problem: /result/ },
    { does: 'answers no JSON', texts: { [path]: '<h1>proxy</h1>' }, problem: /JSON/ },
  ])('that $does is reported as a problem, with no services', async ({ texts, problem }) => {
    await using server = await serving(texts ?? {});
    const url = texts === undefined ? await addressOfNothing() : server.url;
    const snapshot = await askPrometheus(url)(signal);
    expect(snapshot).toMatchObject({ source: 'prometheus', services: [] });
    expect(snapshot.problem).toMatch(/^Reading metrics from Prometheus failed: /);
    expect(snapshot.problem).toMatch(problem);
  });
});
