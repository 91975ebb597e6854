import { systemClock } from '@highwater/service';
import { openReader } from '@highwater/stores';
import { fastify, type FastifyInstance } from 'fastify';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DimensionValues } from '../../apps/dashboard/src/explore/dimension-values.ts';
import { addApi } from '../../apps/dashboard/src/http/add-api.ts';
import { LiveFeed } from '../../apps/dashboard/src/http/live-feed.ts';
import { replyToErrors } from '../../apps/dashboard/src/http/reply-error.ts';
import { PipelineWatch } from '../../apps/dashboard/src/pipeline/pipeline-watch.ts';
import { parseTargets, scrapeServices } from '../../apps/dashboard/src/pipeline/scrape-services.ts';
import { documented, type Documented } from '../../apps/dashboard/test/documented.ts';
import { startLateStack, type LateStack } from './late-stack.ts';

const patience = { timeout: 180_000, interval: 200 };
const nothing = () => undefined;
const log = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

let late: LateStack;
let server: FastifyInstance;
let docs: Documented;
/** What the routes answered, before it was written as text. */
let answered: unknown;
/** What was wrong with the replies to a test, however often it asked. */
const problems: string[] = [];
const cleanUp = new AsyncDisposableStack();

/** Goal: the documentation is true. Method: ask every route of the real stack, with late data in it. */
beforeAll(async () => {
  late = cleanUp.use(
    await startLateStack({
      windowSeconds: 2,
      generator: { HW_GENERATOR_RATE: '360' },
    }),
  );
  const config = late.config();
  const limits = { requestsInFlightMax: 6, requestTimeoutMs: 30_000, clock: systemClock };
  const reader = cleanUp.use(await openReader(config, limits));
  const { targets } = parseTargets(config.HW_DASHBOARD_SERVICES ?? '');
  const watch = new PipelineWatch(scrapeServices(targets), systemClock);
  const live = new LiveFeed(reader, systemClock);
  server = fastify({ forceCloseConnections: true });
  server.addHook('preSerialization', async (_request, _reply, payload) => {
    answered = JSON.parse(JSON.stringify(payload));
    return payload;
  });
  replyToErrors(server, log);
  const values = new DimensionValues(reader, systemClock);
  const nowMs = () => systemClock.nowMs();
  addApi(server, { config, reader, values, watch, nowMs }, live);
  const stop = new AbortController();
  const running = [watch.run(500, stop.signal), live.run(stop.signal)];
  cleanUp.defer(async () => {
    stop.abort();
    await server.close();
    await Promise.all(running);
  });
  docs = documented((await server.inject('/api/openapi.json')).json<object>());
});

afterAll(() => cleanUp.disposeAsync());

beforeEach(() => {
  problems.length = 0;
});

/** The range of the last minute. */
function lately(): { fromMs: number; toMs: number } {
  const toMs = systemClock.nowMs();
  return { fromMs: toMs - 60_000, toMs };
}

/** Asks a route, and looks whether its reply is as documented and lost nothing on its way. */
async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  const method = body === undefined ? 'GET' : 'POST';
  const response = await server.inject({
    method,
    url: path,
    ...(body !== undefined && { payload: body }),
  });
  const reply = response.json<Record<string, unknown>>();
  problems.push(...docs.problemsOf({ method, path }, response.statusCode, reply));
  if (!isDeepStrictEqual(reply, answered))
    problems.push(`${path}: what was written is not what was answered`);
  return reply;
}

const measure = 'cpu_user';
const view = 'avg_cpu_user';
const some = expect.arrayContaining([expect.anything()]) as unknown;

describe('replies of the real stack are as documented', () => {
  it.each([
    { path: '/api/info', body: undefined, has: { engine: 'Timestream', examples: some } },
    { path: '/api/openapi.json', body: undefined, has: { openapi: '3.2.0' } },
    { path: '/api/measures', body: {}, has: { measures: some, dimensions: some } },
    { path: '/api/values', body: { dimension: 'instance_name' }, has: { values: some } },
    { path: '/api/search', body: { search: 'a' }, has: { dimensions: some } },
    { path: '/api/points', body: { measure, pixels: 1_000 }, has: { groups: some, binMs: 0 } },
    {
      path: '/api/points',
      body: { measure, pixels: 50, by: 'instance_name' },
      has: { groups: some, binMs: 2_000 },
    },
    { path: '/api/windows', body: { measure: view, by: 'instance_name' }, has: { windows: some } },
    {
      path: '/api/corrections',
      body: {},
      has: { corrections: some, isMissing: false },
    },
    {
      path: '/api/pipeline',
      body: undefined,
      has: { state: expect.objectContaining({ shards: some, instances: some }), history: some },
    },
  ])('$path $body', async ({ path, body, has }) => {
    const question = () => (body === undefined ? undefined : { ...lately(), ...body });
    // The first windows close, and are corrected, a few seconds after the start.
    await expect
      .poll(async () => ask(path, question()), patience)
      .toEqual(expect.objectContaining(has));
    expect(problems).toEqual([]);
  });

  it('/api/query, whatever the types of its columns', async () => {
    const statement =
      "SELECT 1 AS a, 0.1 AS b, NULL AS c, 'd' AS d, ARRAY[1, 2] AS e, now() AS f, true AS g";
    const { columns, rows } = await ask('/api/query', { statement });
    expect(columns).toHaveLength(7);
    expect(rows).toEqual([expect.arrayContaining(['1', '0.1', null, 'd', 'true'])]);
    expect(problems).toEqual([]);
  });

  it('/api/dead-letters', async () => {
    await late.send('{"MeasureName": "cut sho', '\u0000 no text');
    await expect
      .poll(async () => ask('/api/dead-letters', { limit: 1 }), patience)
      .toEqual(expect.objectContaining({ letters: some, reasons: some, isTruncated: true }));
    expect(problems).toEqual([]);
  });

  it('/api/query rejected, with the position', async () => {
    const payload = { statement: 'SELECT nope\nFROM "highwater"."metrics"' };
    const response = await server.inject({ method: 'POST', url: '/api/query', payload });
    const reply = response.json<{ error: object }>();
    expect(
      docs.problemsOf({ method: 'POST', path: '/api/query' }, response.statusCode, reply),
    ).toEqual([]);
    expect(reply.error).toEqual(expect.objectContaining({ line: 1, column: 8 }));
    expect(reply).toEqual(answered);
  });

  it('/api/live, event by event', async () => {
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const gone = new AbortController();
    const { body } = await fetch(`${url}/api/live`, { signal: gone.signal });
    const heard = new Set<string>();
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const whole = text.split('\n\n');
      text = whole.pop() ?? '';
      for (const each of whole) {
        const found = /^event: (.*)\ndata: (.*)$/.exec(each);
        if (!found) continue;
        const [, event = '', data = ''] = found;
        expect(docs.problemsOfEvent('/api/live', { event, data })).toEqual([]);
        heard.add(event);
      }
      if (heard.size === 3) break;
    }
    gone.abort();
    expect([...heard].toSorted()).toEqual(['corrections', 'pipeline', 'tick']);
  });
});
