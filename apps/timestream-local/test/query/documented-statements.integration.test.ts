import { beforeAll, describe, expect, it } from 'vitest';
import { noonMs, startFixture, type Fixture } from '../fixture.ts';

let server: Fixture;

/** A host whose reading after one minute is missing, and one with two readings. */
const readings: Readonly<Record<string, readonly (readonly [second: number, value: number])[]>> = {
  a: [
    [0, 80],
    [30, 60],
    [90, 70],
    [120, 50],
  ],
  b: [
    [0, 10],
    [30, 10],
  ],
};

const startMs = noonMs - 150_000;

beforeAll(async () => {
  server = await startFixture();
  const records = Object.entries(readings).flatMap(([hostname, values]) =>
    values.map(([second, value]) => ({
      Dimensions: [
        { Name: 'region', Value: 'r1' },
        { Name: 'hostname', Value: hostname },
      ],
      MeasureName: 'cpu_utilization',
      MeasureValue: String(value),
      Time: String(startMs + second * 1000),
    })),
  );
  await server.write(records);
  return () => server[Symbol.asyncDispose]();
});

const at = (second: number) =>
  new Date(startMs + second * 1000).toISOString().replace('T', ' ').replace('Z', '000000');

const ofHost = `FROM "dbx"."tab" WHERE measure_name = 'cpu_utilization' AND hostname = 'a' AND time > ago(2h)`;

/** The readings in bins, with gaps filled: the value every 15 seconds. */
const filled = (call: string, more = '') => `
  WITH binned AS (
    SELECT hostname, BIN(time, 30s) AS bin, ROUND(AVG(measure_value::double), 2) AS mean
    ${ofHost} GROUP BY hostname, BIN(time, 30s)
  ), whole AS (
    SELECT hostname, ${call}(CREATE_TIME_SERIES(bin, mean), SEQUENCE(min(bin), max(bin), 15s)${more}) AS s
    FROM binned GROUP BY hostname
  ) SELECT time, ROUND(value, 2) AS cpu FROM whole CROSS JOIN UNNEST(s)`;

const every15 = (values: readonly number[]) =>
  values.map((value, index) => [
    at(index * 15),
    Number.isInteger(value) ? `${value}.0` : `${value}`,
  ]);

/** The readings on the line between them, every 10 seconds. */
const view = `WITH series AS (
  SELECT min(time) AS oldest,
    INTERPOLATE_LINEAR(CREATE_TIME_SERIES(time, ROUND(measure_value::double, 2)), SEQUENCE(min(time), max(time), 10s)) AS cpu
  ${ofHost} GROUP BY hostname)`;

// Goal: statements like those in the service's developer guide and its sample applications return
// the right rows. Method: few readings, and rows calculated by hand.
describe('statements from the documentation', () => {
  it('bin and compute percentiles', async () => {
    const rows = await server.query(
      `SELECT region, hostname, BIN(time, 1m) AS bin, ROUND(AVG(measure_value::double), 2) AS mean,
              ROUND(APPROX_PERCENTILE(measure_value::double, 0.5), 2) AS p50,
              ROUND(APPROX_PERCENTILE(measure_value::double, 0.99), 2) AS p99
       ${ofHost} GROUP BY region, hostname, BIN(time, 1m) ORDER BY bin ASC`,
    );
    expect(rows.map((row) => row.slice(3))).toEqual([
      ['80.0', '80.0', '80.0'],
      ['60.0', '60.0', '60.0'],
      ['60.0', '50.0', '70.0'],
    ]);
  });

  it('compare each host with the fleet', async () => {
    const rows = await server.query(
      `WITH fleet AS (SELECT COUNT(DISTINCT hostname) AS hosts, AVG(measure_value::double) AS mean FROM "dbx"."tab" WHERE time > ago(2h)),
            per_host AS (SELECT hostname, AVG(measure_value::double) AS mean FROM "dbx"."tab" WHERE time > ago(2h) GROUP BY hostname)
       SELECT hostname, hosts, per_host.mean FROM fleet, per_host WHERE per_host.mean > 1.1 * fleet.mean ORDER BY per_host.mean DESC`,
    );
    expect(rows).toEqual([['a', '2', '65.0']]);
  });

  it.each([
    ['INTERPOLATE_LINEAR', '', [80, 70, 60, 62.5, 65, 67.5, 70, 60, 50]],
    ['INTERPOLATE_LOCF', '', [80, 80, 60, 60, 60, 60, 70, 70, 50]],
    ['INTERPOLATE_FILL', ', 10.0', [80, 10, 60, 10, 10, 10, 70, 10, 50]],
  ])('fill gaps by %s', async (call, more, values) => {
    expect(await server.query(filled(call, more))).toEqual(every15(values));
  });

  it('fill gaps with a curve through all readings', async () => {
    const rows = await server.query(filled('INTERPOLATE_SPLINE_CUBIC'));
    expect(rows).toHaveLength(9);
    expect([0, 2, 6, 8].map((index) => rows[index]?.[1])).toEqual(['80.0', '60.0', '70.0', '50.0']);
  });

  it('fill the gaps of all hosts between their own ends', async () => {
    const rows = await server.query(
      `WITH ends AS (SELECT hostname, min(time) AS first, max(time) AS last FROM "dbx"."tab" WHERE time > ago(2h) GROUP BY hostname),
            whole AS (
              SELECT m.hostname, INTERPOLATE_LOCF(CREATE_TIME_SERIES(time, measure_value::double),
                SEQUENCE(MIN(e.first), MAX(e.last), 1s)) AS s
              FROM "dbx"."tab" m INNER JOIN ends e ON m.hostname = e.hostname
              WHERE measure_name = 'cpu_utilization' GROUP BY m.hostname)
       SELECT hostname, ROUND(AVG(cpu), 3) FROM whole CROSS JOIN UNNEST(s) AS t (time, cpu) GROUP BY hostname ORDER BY 2 DESC`,
    );
    // 30 seconds of 80, 60 of 60, 30 of 70, and the last reading.
    expect(rows).toEqual([
      ['a', String(Math.round((8150 / 121) * 1000) / 1000)],
      ['b', '10.0'],
    ]);
  });

  it('filter and reduce a timeseries', async () => {
    const rows = await server.query(
      `${view} SELECT FILTER(cpu, x -> x.value > 70.0) AS high,
         REDUCE(FILTER(cpu, x -> x.value > 70.0), 0, (s, x) -> s + 1, s -> s) AS count_high,
         ROUND(REDUCE(cpu, CAST(ROW(0, 0) AS ROW(high BIGINT, total BIGINT)),
           (s, x) -> CAST(ROW(s.high + IF(x.value > 70.0, 1, 0), s.total + 1) AS ROW(high BIGINT, total BIGINT)),
           s -> IF(s.total = 0, NULL, CAST(s.high AS DOUBLE) / s.total)), 4) AS fraction,
         cardinality(FILTER(cpu, x -> x.value < 75 AND x.time > oldest + 1m)) AS late_low,
         REDUCE(cpu, DOUBLE '0.0', (s, x) -> s + 1, s -> s) AS total,
         ROUND(REDUCE(cpu, CAST(ROW(0.0, 0) AS ROW(sum DOUBLE, count INTEGER)),
           (s, x) -> CAST(ROW(x.value + s.sum, s.count + 1) AS ROW(sum DOUBLE, count INTEGER)),
           s -> IF(s.count = 0, NULL, s.sum / s.count)), 6) AS mean
       FROM series`,
    );
    const [high, ...rest] = rows[0] ?? [];
    expect((high as [string, string][]).map(([time]) => time)).toEqual([at(0), at(10)]);
    expect(rest).toEqual(['2', '0.1538', '6', '13.0', '65.0']);
  });

  it('differentiate, integrate, and correlate', async () => {
    const rows = await server.query(
      `SELECT DERIVATIVE_LINEAR(CREATE_TIME_SERIES(time, measure_value::double), 1m),
              NON_NEGATIVE_DERIVATIVE_LINEAR(CREATE_TIME_SERIES(time, measure_value::double), 1m),
              INTEGRAL_TRAPEZOIDAL(CREATE_TIME_SERIES(time, measure_value::double), 1m),
              ROUND(CORRELATE_PEARSON(CREATE_TIME_SERIES(time, measure_value::double), CREATE_TIME_SERIES(time, 2 * measure_value::double)), 9)
       ${ofHost} GROUP BY hostname, measure_name`,
    );
    expect(rows[0]).toEqual([
      [
        [at(30), '-40.0'],
        [at(90), '10.0'],
        [at(120), '-40.0'],
      ],
      [[at(90), '10.0']],
      // 70 over half a minute, 65 over one, 60 over half.
      '130.0',
      '1.0',
    ]);
  });

  it('look back with window functions', async () => {
    const rows = await server.query(
      `SELECT hostname, date_diff('second', LAG(time) OVER w, time) AS gap,
              measure_value::double - LAG(measure_value::double, 1) OVER w AS step,
              AVG(measure_value::double) OVER (PARTITION BY hostname ORDER BY time RANGE BETWEEN 1m PRECEDING AND CURRENT ROW) AS mean
       ${ofHost} WINDOW w AS (PARTITION BY hostname ORDER BY time) ORDER BY time`,
    );
    expect(rows).toEqual([
      ['a', null, null, '80.0'],
      ['a', '30', '-20.0', '70.0'],
      ['a', '60', '10.0', '65.0'],
      ['a', '30', '-20.0', '60.0'],
    ]);
  });

  it('look back by the calendar, and by a fraction of an hour', async () => {
    const count = (from: string) =>
      server.query(`SELECT count(*) FROM "dbx"."tab" WHERE time BETWEEN ${from} AND now()`);
    expect(await count('now() - 100y')).toEqual([['6']]);
    expect(await count('ago(72.5h)')).toEqual([['6']]);
    expect(await count('ago(0.0125h)')).toEqual([['1']]);
  });

  it('measure the time between two readings', async () => {
    const rows = await server.query(
      `WITH gaps AS (
         SELECT hostname, to_milliseconds(time - LAG(time, 1) OVER (ORDER BY time ASC)) AS interval ${ofHost})
       SELECT hostname, COUNT(*) AS num, ROUND(MIN(interval), 2), ROUND(AVG(interval), 2), MAX(interval),
              ROUND(APPROX_PERCENTILE(interval, 0.5), 2)
       FROM gaps WHERE interval IS NOT NULL GROUP BY hostname`,
    );
    expect(rows).toEqual([['a', '3', '30000', '40000.0', '60000', '30000']]);
  });

  it('carry the last reading forward through a calendar of minutes', async () => {
    const rows = await server.query(
      `WITH minutes AS (
         SELECT date_add('minute', m, date_add('hour', h, bin('2024-03-10 11:57:30.000000000', 1m))) AS time
         FROM UNNEST(sequence(0, 3)) t (m) CROSS JOIN UNNEST(sequence(0, 0)) AS t (h)),
       hosts AS (SELECT DISTINCT(hostname) AS hostname FROM "dbx"."tab"),
       grid AS (SELECT time, hostname FROM minutes JOIN hosts ON true),
       raw AS (SELECT bin(time, 1m) AS minute, hostname, max_by(measure_value::double, time) AS v FROM "dbx"."tab" GROUP BY 1, 2)
       SELECT grid.time, grid.hostname, last_value(v) IGNORE NULLS OVER (PARTITION BY grid.hostname ORDER BY grid.time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
       FROM grid LEFT JOIN raw ON grid.time = raw.minute AND grid.hostname = raw.hostname WHERE grid.hostname = 'b' ORDER BY 1`,
    );
    expect(rows.map((row) => row[2])).toEqual(['10.0', '10.0', '10.0', '10.0']);
  });

  it('find the newest reading of each host', async () => {
    const rows = await server.query(
      `WITH newest AS (SELECT hostname, max(time) AS time FROM "dbx"."tab" GROUP BY hostname)
       SELECT t.hostname, t.measure_value::double, max_by(t.measure_value::double, t.time)
       FROM "dbx"."tab" t JOIN newest n ON t.hostname = n.hostname AND t.time = n.time
       GROUP BY t.hostname, t.measure_value::double ORDER BY 1`,
    );
    expect(rows).toEqual([
      ['a', '50.0', '50.0'],
      ['b', '10.0', '10.0'],
    ]);
  });

  it('cannot unload', async () => {
    const unload = `UNLOAD (SELECT * FROM "dbx"."tab") TO 's3://bucket/prefix' WITH (format = 'CSV')`;
    await expect(server.query(unload)).rejects.toThrow('line 1:1: UNLOAD is not supported here');
  });
});
