import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileStatement } from '../../src/compile/compile-statement.ts';
import { parseStatement } from '../../src/sql/parse/parse-statement.ts';
import { Store } from '../../src/store/store.ts';
import { noonMs, point, startFixture } from '../fixture.ts';

let store: Store;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timestream-local-plan-'));
  const data = join(directory, 'points.duckdb');
  {
    await using server = await startFixture({ data });
    for (let minute = 0; minute < 120; minute += 40) {
      await server.write([point(`${minute}`, { Time: String(noonMs - minute * 60_000) })]);
    }
  }
  store = await Store.open({ path: data, memoryBytesMax: 2 ** 28, isStrict: false });
  return async () => {
    await store[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  };
});

function compile(text: string): string {
  const statement = parseStatement(text);
  if (statement.kind !== 'query') throw new Error('expected a query');
  const nowNs = BigInt(noonMs) * 1_000_000n;
  return compileStatement(statement, { catalog: store.catalog, nowNs }).sql;
}

async function plan(sql: string): Promise<string> {
  const connection = await store.connect();
  try {
    const result = await connection.run(`EXPLAIN ${sql}`);
    return (await result.getRows()).map(([, text]) => String(text)).join('\n');
  } finally {
    connection.closeSync();
  }
}

const halfAnHour = BigInt(noonMs - 30 * 60_000) * 1_000_000n;

// Goal: common dashboard queries run within DuckDB, without a call into JavaScript per row, and
// only read rows in the requested time range. Method: check the SQL and its plan.
describe('a statement over many rows', () => {
  it.each([
    `SELECT bin(time, 1m), avg(measure_value::double) FROM "dbx"."tab" GROUP BY 1`,
    `SELECT host, bin(time, 30s), max(measure_value::double), count(*) FROM "dbx"."tab"
     WHERE measure_name = 'cpu' AND time > ago(30m) AND measure_value::double > 0.5 GROUP BY 1, 2`,
    `SELECT date_trunc('hour', time), approx_percentile(measure_value::double, 0.99) FROM "dbx"."tab"
     WHERE time BETWEEN from_milliseconds(${noonMs - 60_000}) AND now() GROUP BY 1`,
    `SELECT * FROM "dbx"."tab" WHERE measure_name IN ('cpu', 'avg_cpu') ORDER BY time DESC LIMIT 100`,
  ])('calls no JavaScript function: %s', (text) => {
    expect(compile(text)).not.toContain('hw_');
  });

  it.each([
    'time > ago(30m)',
    'time > now() - 30m',
    `time > from_milliseconds(${noonMs - 30 * 60_000})`,
    `time > timestamp '2024-03-10 11:30:00'`,
    `time > '2024-03-10 11:30:00'`,
    `time > date_add('minute', -30, now())`,
    `measure_name = 'cpu' AND time > bin(ago(30m), 1m)`,
  ])('filters where it scans: %s', async (condition) => {
    const sql = compile(
      `SELECT bin(time, 1m), avg(measure_value::double) FROM "dbx"."tab" WHERE ${condition} GROUP BY 1`,
    );
    expect(await plan(sql)).toMatch(new RegExp(`time>=?${halfAnHour}`));
  });
});
