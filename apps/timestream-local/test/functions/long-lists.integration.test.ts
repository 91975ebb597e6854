import { DuckDBListValue, type DuckDBValue } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { openUdfs } from './udf-fixture.ts';

function items(value: DuckDBValue | undefined): readonly DuckDBValue[] {
  if (value instanceof DuckDBListValue) return value.items;
  throw new Error(`expected a list, but it is ${String(value)}`);
}

/** `count` parts that all differ. */
const parts = (count: number) =>
  `array_to_string(list_transform(range(${count}), lambda i: concat('part', i)), ',')`;

// Goal: a list keeps all of its items, however many a batch of rows has. Method: more items than the
// 2,048 that DuckDB makes room for at first, in one row and in many, each one compared.
describe('a long list of texts', () => {
  it.each([20_000, 100_000])('keeps all of %i items of one row', async (count) => {
    using duck = await openUdfs();
    const [[list] = []] = await duck.rows(`SELECT hw_split(${parts(count)}, ',', 1000000)`);
    expect(items(list)).toEqual(Array.from({ length: count }, (_, at) => `part${at}`));
  });

  it('keeps the items of a whole batch of rows', async () => {
    using duck = await openUdfs();
    const rows = await duck.rows(
      `SELECT hw_split(concat(i, ',', -i, ',x,', i), ',', 3) FROM range(2048) AS t(i)`,
    );
    const expected = Array.from({ length: 2048 }, (_, at) => [String(at), String(-at), `x,${at}`]);
    expect(rows.map(([list]) => items(list))).toEqual(expected);
  });
});
