import { CancelQueryCommand, QueryCommand } from '@aws-sdk/client-timestream-query';
import type { Clock } from '@highwater/model';
import { systemClock } from '@highwater/service';
import { describe, expect, it } from 'vitest';
import { makeClients } from '../clients.ts';
import { noonMs, point, startFixture, type Fixture } from '../fixture.ts';

const series = (count: number, name: string) =>
  `UNNEST(sequence(1, ${count})) AS ${name} (${name})`;

/** Some 10^11 rows, more than anyone waits for. */
const endless = `SELECT count(*) FROM ${series(10_000, 'a')} CROSS JOIN ${series(10_000, 'b')}
  CROSS JOIN ${series(1_000, 'c')} WHERE a * b % 7 = c`;

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  );

/** A query in progress, and how to abort it. */
function ask({ clients }: Pick<Fixture, 'clients'>, sql: string) {
  const leave = new AbortController();
  const state = { isSettled: false };
  const settled = clients.query
    .send(new QueryCommand({ QueryString: sql }), { abortSignal: leave.signal })
    .finally(() => {
      state.isSettled = true;
    });
  return { state, outcome: failure(settled), leave: () => leave.abort() };
}

/** After this time, a call is answered with an empty page while its query computes. */
const emptyPageAfterMs = 1000;

/**
 * The system's clock, but sleeps of some durations end when they are woken, however slow the
 * machine is.
 */
function clockWithout(...heldMs: readonly number[]) {
  const sleepers: (() => void)[] = [];
  const asleep = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    sleep: (durationMs, signal) => {
      if (!heldMs.includes(durationMs)) return systemClock.sleep(durationMs, signal);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      sleepers.push(resolve);
      // Like with every clock, a sleep ends with its signal.
      signal?.addEventListener('abort', () => reject(signal.reason));
      asleep.resolve();
      return promise;
    },
  };
  const wake = () => {
    for (const resolve of sleepers.splice(0)) resolve();
  };
  return { clock, untilAsleep: asleep.promise, wake };
}

describe('a query that would take forever', () => {
  it('ends at the time limit', async () => {
    const queryTimeLimitMs = 200;
    const { clock, untilAsleep, wake } = clockWithout(queryTimeLimitMs);
    await using server = await startFixture({ queryTimeLimitMs, clock });
    const outcome = failure(server.ask(endless));
    await untilAsleep;
    wake();
    expect(await outcome).toBe(
      'QueryExecutionException: Query exceeded the maximum run time of 0.2 seconds.',
    );
    expect(await server.query('SELECT 1')).toEqual([['1']]);
  });

  it('ends when its client disconnects', async () => {
    await using server = await startFixture({ clock: clockWithout(emptyPageAfterMs).clock });
    // More than can compute at the same time. The later ones show that the slots are free again.
    for (let round = 0; round < 5; round += 1) {
      const query = ask(server, endless);
      expect(await server.query('SELECT 1')).toEqual([['1']]);
      query.leave();
      await query.outcome;
    }
    expect(await server.query('SELECT 1')).toEqual([['1']]);
  });

  // Goal: CancelQuery stops DuckDB in the middle of a computation. Method: with MaxRows, the call
  // ends before the first row exists, and names the query. Three queries take all slots, so a
  // fourth one ends only when the slots are freed.
  it('ends when it is cancelled', async () => {
    // On a busy machine, the default limit may end the queries first.
    await using server = await startFixture({ queryTimeLimitMs: 3_600_000 });
    const asked = await Promise.all(
      Array.from({ length: 3 }, () => server.ask(endless, { MaxRows: 1 })),
    );
    expect(asked.map(({ Rows }) => Rows)).toEqual([[], [], []]);
    const waiting = ask(server, 'SELECT 1');
    const reading = failure(server.ask(endless, { NextToken: asked[0]?.NextToken }));
    await server.write([point('1')]);
    expect(waiting.state.isSettled).toBe(false);
    for (const { QueryId } of asked) {
      await server.clients.query.send(new CancelQueryCommand({ QueryId }));
    }
    expect(await waiting.outcome).toBe('ok');
    const cancelled = 'ConflictException: The query has been canceled.';
    expect(await reading).toBe(cancelled);
    expect(await failure(server.ask(endless, { NextToken: asked[1]?.NextToken }))).toBe(cancelled);
  });

  it('reports its failure to the call that asks for the first rows', async () => {
    const queryTimeLimitMs = 1_500;
    const { clock, wake } = clockWithout(queryTimeLimitMs);
    await using server = await startFixture({ queryTimeLimitMs, clock });
    const { NextToken } = await server.ask(endless, { MaxRows: 1 });
    const outcome = failure(server.ask(endless, { NextToken }));
    wake();
    expect(await outcome).toBe(
      'QueryExecutionException: Query exceeded the maximum run time of 1.5 seconds.',
    );
  });

  it('ends with the server, even when no call waits for it', async () => {
    const server = await startFixture();
    expect(await server.ask(endless, { MaxRows: 1 })).toMatchObject({ Rows: [] });
    await server[Symbol.asyncDispose]();
  });

  it('ends with the server', async () => {
    const server = await startFixture({ clock: clockWithout(emptyPageAfterMs).clock });
    const query = ask(server, endless);
    await server.query('SELECT 1');
    await server[Symbol.asyncDispose]();
    expect(await query.outcome).not.toBe('ok');
  });
});

// Goal: queries that compute or wait to compute are never dropped for others, even if there are
// more of them than open results are allowed. Method: three that never end, and enough others that
// one is throttled, which shows that all the rest are still there.
describe('many queries at once', () => {
  it('wait for their turn', async () => {
    await using server = await startFixture({ clock: clockWithout(emptyPageAfterMs).clock });
    const busy = Array.from({ length: 3 }, () => ask(server, endless));
    await server.write([point('1')]);
    // A client has at most 50 connections.
    using first = makeClients(server.endpoint);
    using second = makeClients(server.endpoint);
    const waiting = [server.clients, first, second].flatMap((clients) =>
      Array.from({ length: 34 }, () => ask({ clients }, 'SELECT 1')),
    );
    const throttled = 'ThrottlingException: Too many queries are waiting. Try again later.';
    expect(await Promise.race(waiting.map(({ outcome }) => outcome))).toBe(throttled);
    expect(busy.map(({ state }) => state.isSettled)).toEqual([false, false, false]);
    for (const query of busy) query.leave();
    const outcomes = await Promise.all(waiting.map(({ outcome }) => outcome));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === throttled)).toHaveLength(2);
  });
});

describe('a query that needs too much memory', () => {
  it('fails without affecting anything else', async () => {
    await using server = await startFixture({ memoryBytesMax: 64 * 2 ** 20 });
    const rows = `SELECT a * 10000 + b AS x FROM ${series(2_000, 'a')} CROSS JOIN ${series(2_000, 'b')}`;
    const sql = `SELECT cardinality(array_agg(cast(x AS varchar))) FROM (${rows})`;
    expect(await failure(server.ask(sql))).toBe(
      'QueryExecutionException: Query exceeded the memory limit.',
    );
    expect(await server.write([point('1')])).toMatchObject({ status: 200 });
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['1']]);
  });
});

// Goal: reading never blocks writing. Method: as many endless queries as may compute at the same
// time. Writes must be answered, and be readable, while none of the queries has ended.
describe('writes next to queries', () => {
  it('are stored while all slots compute', async () => {
    await using server = await startFixture({ clock: clockWithout(emptyPageAfterMs).clock });
    await server.write([point('0')]);
    const endlessOverTable = `SELECT count(*) FROM "dbx"."tab", (${endless})`;
    const queries = Array.from({ length: 2 }, () => ask(server, endlessOverTable));
    const rounds = 20;
    for (let round = 1; round <= rounds; round += 1) {
      const written = await server.write([point(`${round}`, { Time: String(noonMs - round) })]);
      expect(written).toMatchObject({ status: 200 });
    }
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([[`${rounds + 1}`]]);
    expect(queries.map(({ state }) => state.isSettled)).toEqual([false, false]);
    // The third slot is also taken, so only writes continue.
    queries.push(ask(server, endlessOverTable));
    expect(await server.write([point('99', { Time: String(noonMs - 99) })])).toMatchObject({
      status: 200,
    });
    expect(queries.map(({ state }) => state.isSettled)).toEqual([false, false, false]);
    for (const query of queries) query.leave();
    await Promise.all(queries.map(({ outcome }) => outcome));
    expect(await server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([[`${rounds + 2}`]]);
  });
});
