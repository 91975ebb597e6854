import { describe, expect, it } from 'vitest';
import { noonMs, point, startFixture } from './fixture.ts';

describe('a server with a few records', () => {
  it('answers the statement of the blog post, with the columns in order', async () => {
    await using server = await startFixture();
    const idle = point('1.5', { MeasureName: 'cpu_idle' });
    const average = point('2.5', { MeasureName: 'avg_cpu_idle' });
    const other = point('3.5', { MeasureName: 'cpu_user' });
    expect(await server.write([idle, average, other])).toMatchObject({ status: 200 });

    const { ColumnInfo, Rows } = await server.ask(
      `SELECT * FROM "dbx"."tab" WHERE measure_name IN ('cpu_idle','avg_cpu_idle') LIMIT 100`,
    );
    expect(ColumnInfo?.map(({ Name }) => Name)).toEqual([
      'host',
      'measure_name',
      'time',
      'measure_value::double',
    ]);
    expect(Rows).toHaveLength(2);
  });

  it('averages over time bins', async () => {
    await using server = await startFixture();
    const at = (seconds: number) => String(noonMs - seconds * 1000);
    await server.write([
      point('1', { Time: at(10) }),
      point('3', { Time: at(20) }),
      point('5', { Time: at(70) }),
    ]);
    const rows = await server.query(
      `SELECT bin(time, 1m), avg(measure_value::double), count(*) FROM "dbx"."tab"
       WHERE time BETWEEN ago(2m) AND now() GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      ['2024-03-10 11:58:00.000000000', '5.0', '1'],
      ['2024-03-10 11:59:00.000000000', '2.0', '2'],
    ]);
  });
});
