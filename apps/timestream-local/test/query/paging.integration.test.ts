import { CancelQueryCommand, type QueryResponse } from '@aws-sdk/client-timestream-query';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { noonMs, plain, point, startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

beforeAll(async () => {
  server = await startFixture();
  return () => server[Symbol.asyncDispose]();
});

const numbers = (count: number) =>
  `SELECT x FROM UNNEST(sequence(1, ${count})) AS t (x) ORDER BY x`;

const cells = (page: QueryResponse) => (page.Rows ?? []).map(({ Data = [] }) => Data.map(plain)[0]);

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  );

describe('pages of a result', () => {
  // As captured from the service.
  it('start with an empty one when MaxRows is less than the result', async () => {
    const first = await server.ask(numbers(3), { MaxRows: 1 });
    expect(first).toMatchObject({ Rows: [], QueryStatus: { ProgressPercentage: 0 } });
    expect(first.ColumnInfo).toEqual([{ Name: 'x', Type: { ScalarType: 'BIGINT' } }]);
    const rest = await server.ask(numbers(3), { NextToken: first.NextToken });
    expect(cells(rest)).toEqual(['1', '2', '3']);
    // The end of the result may become known one page later.
    let last = rest;
    while (last.NextToken) last = await server.ask(numbers(3), { NextToken: last.NextToken });
    if (last !== rest) expect(cells(last)).toEqual([]);
    expect(last).toMatchObject({
      QueryId: first.QueryId,
      QueryStatus: { ProgressPercentage: 100 },
    });
  });

  it('are only one when MaxRows is large enough', async () => {
    const only = await server.ask(numbers(3), { MaxRows: 3 });
    expect(cells(only)).toEqual(['1', '2', '3']);
    expect(only.NextToken).toBeUndefined();
  });

  // Goal: no row is lost or duplicated at a page border. Method: results around the size of
  // DuckDB's chunks, read with random limits.
  it('contain each row once, in order, and at most MaxRows', async () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2040, max: 2060 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 1000 }), async (count, MaxRows) => {
        fc.pre(count / MaxRows < 20);
        const found: unknown[] = [];
        let NextToken: string | undefined;
        do {
          const page = await server.ask(numbers(count), { MaxRows, NextToken });
          const rows = cells(page);
          expect(rows.length).toBeLessThanOrEqual(MaxRows);
          found.push(...rows);
          ({ NextToken } = page);
        } while (NextToken !== undefined);
        expect(found).toEqual(Array.from({ length: count }, (_, at) => `${at + 1}`));
      }),
      { numRuns: 25 },
    );
  });

  it('are at most a megabyte, and a longer row is an error', async () => {
    const text = (size: number) => `array_join(repeat('0123456789', ${size / 10}), '')`;
    const wide = `SELECT x, ${text(90_000)} FROM UNNEST(sequence(1, 25)) AS t (x)`;
    const seen: unknown[] = [];
    let pages = 0;
    let NextToken: string | undefined;
    do {
      const page = await server.ask(wide, { NextToken });
      expect(JSON.stringify(page.Rows).length).toBeLessThan(1_100_000);
      seen.push(...cells(page));
      pages += 1;
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(seen).toHaveLength(25);
    expect(pages).toBeGreaterThan(2);
    const tooWide = `SELECT ${Array.from({ length: 11 }, () => text(100_000)).join(', ')}`;
    expect(await failure(server.ask(tooWide))).toMatch(
      /^QueryExecutionException: Query aborted as/,
    );
  });

  it('show the tables as they were at the first page', async () => {
    await server.write([point('1'), point('2', { Time: String(noonMs - 1) })]);
    const sql = `SELECT measure_value::double FROM "dbx"."tab" ORDER BY time`;
    const first = await server.ask(sql, { MaxRows: 1 });
    await server.write([point('3', { Time: String(noonMs - 2) })]);
    const rest = await server.ask(sql, { NextToken: first.NextToken });
    expect(cells(rest)).toEqual(['2.0', '1.0']);
    expect(await server.query(sql)).toHaveLength(3);
  });
});

describe('a token', () => {
  it('returns the same page up to five times', async () => {
    const { NextToken } = await server.ask(numbers(5), { MaxRows: 2 });
    const ask = () => server.ask(numbers(5), { MaxRows: 2, NextToken });
    const first = await ask();
    for (let uses = 2; uses <= 5; uses += 1) expect((await ask()).Rows).toEqual(first.Rows);
    expect(await failure(ask())).toBe('ValidationException: Invalid pagination token.');
  });

  it('ends with the use of a newer one, and belongs to its statement', async () => {
    const { NextToken } = await server.ask(numbers(9), { MaxRows: 2 });
    const second = await server.ask(numbers(9), { MaxRows: 2, NextToken });
    const invalid = 'ValidationException: Invalid pagination token.';
    expect(await failure(server.ask(numbers(8), { NextToken: second.NextToken }))).toBe(invalid);
    await server.ask(numbers(9), { MaxRows: 2, NextToken: second.NextToken });
    expect(await failure(server.ask(numbers(9), { NextToken }))).toBe(invalid);
    expect(await failure(server.ask(numbers(9), { NextToken: 'made-up' }))).toBe(invalid);
  });

  // A client whose first attempt is still in progress asks once more.
  it('returns the same page to simultaneous calls, including the last page', async () => {
    const { NextToken } = await server.ask(numbers(5000), { MaxRows: 2 });
    const second = await server.ask(numbers(5000), { MaxRows: 1000, NextToken });
    const ask = () => server.ask(numbers(5000), { NextToken: second.NextToken });
    const pages = await Promise.all([ask(), ask(), ask()]);
    expect(pages.map((page) => cells(page).length)).toEqual([4000, 4000, 4000]);
    expect(pages.map((page) => page.NextToken)).toEqual([undefined, undefined, undefined]);
  });

  it('is sufficient, whatever the ClientToken', async () => {
    const token = (digit: number) => String(digit).repeat(36);
    const { NextToken } = await server.ask(numbers(3), { MaxRows: 1, ClientToken: token(1) });
    const rest = await server.ask(numbers(3), { NextToken, ClientToken: token(2) });
    expect(cells(rest)).toEqual(['1', '2', '3']);
    const again = await server.ask(numbers(3), { ClientToken: token(1) });
    expect(again.QueryId).not.toBe(rest.QueryId);
  });

  it.each([
    [{ MaxRows: 0 }, /'maxRows' failed to satisfy constraint/],
    [{ MaxRows: 1001 }, /'maxRows' failed to satisfy constraint/],
    [{ ClientToken: 'short' }, /'clientToken' failed to satisfy constraint/],
    [{ NextToken: 'x'.repeat(2049) }, /'nextToken' failed to satisfy constraint/],
  ])('is validated with the other members: %o', async (input, message) => {
    expect(await failure(server.ask(numbers(3), input))).toMatch(message);
  });
});

describe('CancelQuery', () => {
  const cancel = (QueryId: string | undefined) =>
    server.clients.query.send(new CancelQueryCommand({ QueryId }));

  it('prevents reading the remaining pages', async () => {
    const { QueryId, NextToken } = await server.ask(numbers(3), { MaxRows: 1 });
    expect((await cancel(QueryId)).CancellationMessage).toBeUndefined();
    expect((await cancel(QueryId)).CancellationMessage).toMatch(/already been requested/);
    expect(await failure(server.ask(numbers(3), { NextToken }))).toBe(
      'ConflictException: The query has been canceled.',
    );
  });

  it('reports that a query has ended, or never existed', async () => {
    const { QueryId } = await server.ask('SELECT 1');
    expect((await cancel(QueryId)).CancellationMessage).toMatch(/has ended/);
    expect(await failure(cancel('NOSUCHQUERY'))).toBe(
      'ValidationException: The query ID NOSUCHQUERY does not exist.',
    );
    expect(await failure(cancel('not an id'))).toMatch(/failed to satisfy constraint/);
  });
});
