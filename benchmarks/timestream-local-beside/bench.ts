import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JsonClient } from '../../apps/timestream-local/test/statements/json-client.ts';
import { startServer, type ServerProcess } from '../timestream-local/server-process.ts';
import { storeRows } from '../timestream-local/stored-rows.ts';
import { heavyQueries, type HeavyQuery } from './heavy-queries.ts';
import type { Waits } from './other-clients.ts';

/** Arbitrary; the server's clock is fixed at this time. */
const nowMs = Date.UTC(2026, 0, 15, 12);
const aloneMs = 10_000;
/** A query is repeated until it has run for this long. */
const besideMs = 5_000;
/** A query that is not finished by then is abandoned, together with the server. */
const queryMsMax = 90_000;

/**
 * The latency of small steady clients of timestream-local during heavy queries. `--server
 * <main.ts>` also runs the server of another checkout, each query on both in turn; `--rows 100000`
 * for a quick run, `--only <title>` for one query.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1500000' },
      series: { type: 'string', default: '500' },
      server: { type: 'string', multiple: true, default: [] },
      only: { type: 'string' },
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'timestream-local-beside-'));
  const data = join(directory, 'stored.duckdb');
  try {
    const [rowsCount, seriesCount] = [Number(values.rows), Number(values.series)];
    const tookMs = await storeRows({ data, nowMs, rowsCount, seriesCount });
    print(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`);
    print(
      `${rowsCount} rows of ${seriesCount} series, stored in ${(tookMs / 1000).toFixed(0)} s\n`,
    );
    print(
      '| beside | server | the query | write: median, 99 %, most | cheap query: median, 99 %, most | failed | load |',
    );
    print('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
    const mains = [undefined, ...values.server];
    const wanted = heavyQueries.filter(({ title }) => (values.only ?? title) === title);
    for (const query of [undefined, ...wanted]) {
      for (const [at, main] of mains.entries()) {
        const own = join(directory, `own-${at}.duckdb`);
        await cp(data, own);
        const row = await beside(own, main, query);
        print(`| ${query?.title ?? 'nothing'} | ${main ?? 'this one'} | ${row} |`);
        await rm(own);
      }
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Results of both clients during a query, on a separate server. */
async function beside(
  data: string,
  main: string | undefined,
  query: HeavyQuery | undefined,
): Promise<string> {
  await using server = await startServer(data, nowMs, main);
  const port = Number(new URL(server.endpoint).port);
  using client = new JsonClient(port);
  await client.call('CreateTable', { DatabaseName: 'bench', TableName: 'written' });
  const others = fork(new URL('./other-clients.ts', import.meta.url), [
    String(port),
    String(nowMs),
  ]);
  try {
    await sleep(1_000);
    const measured = async (): Promise<Waits> => {
      others.send('tell');
      const [waits] = (await once(others, 'message')) as [Waits];
      return waits;
    };
    await measured();
    const said = query
      ? await repeated(server, client, query)
      : await sleep(aloneMs).then(() => '');
    const { write, query: cheap, failed } = await measured();
    return `${said} | ${spread(write)} | ${spread(cheap)} | ${failed} | ${loadavg()[0]?.toFixed(0)}`;
  } finally {
    others.kill();
  }
}

/** @returns how long the query takes, or how it failed */
async function repeated(
  server: ServerProcess,
  client: JsonClient,
  { text }: HeavyQuery,
): Promise<string> {
  const beganMs = performance.now();
  let runs = 0;
  while (performance.now() - beganMs < besideMs) {
    const startMs = performance.now();
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(() => late.resolve('no answer'), queryMsMax);
    const name = await Promise.race([drain(client, text), late.promise]);
    clearTimeout(timer);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    if (name !== '') {
      return `${name}, ${seconds} s, ${server.residentMb().toFixed(0)} MB`;
    }
    runs += 1;
  }
  return `${((performance.now() - beganMs) / runs / 1000).toFixed(2)} s`;
}

/** @returns the name of the error, if there was one */
async function drain(client: JsonClient, text: string): Promise<string> {
  let NextToken: string | undefined;
  do {
    const answer = await client
      .call('Query', { QueryString: text, NextToken })
      .catch(() => ({ status: 0, body: '{}' }));
    if (answer.status === 0) return 'the server ended';
    const body = JSON.parse(answer.body) as { NextToken?: string; message?: string };
    if (answer.status !== 200) return body.message ?? String(answer.status);
    ({ NextToken } = body);
  } while (NextToken !== undefined);
  return '';
}

function spread(waits: readonly number[]): string {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return [at(0.5), at(0.99), at(1)]
    .map((ms) => (ms ?? NaN).toFixed(ms !== undefined && ms < 10 ? 1 : 0))
    .join(', ');
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
