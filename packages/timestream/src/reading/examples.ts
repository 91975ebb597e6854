import type { ExampleStatement } from '@highwater/model';

/** Statements over the tables, which are given quoted and with their database. */
export function examplesFor({
  rows,
  corrections,
}: {
  readonly rows: string;
  readonly corrections: string;
}): readonly ExampleStatement[] {
  return [
    {
      title: 'Points per minute, by measure',
      statement: `SELECT bin(time, 1m) AS minute, measure_name, COUNT(*) AS points
FROM ${rows}
WHERE time > ago(15m)
GROUP BY bin(time, 1m), measure_name
ORDER BY minute DESC, points DESC`,
    },
    {
      title: 'Average of one measure, by region',
      statement: `SELECT bin(time, 1m) AS minute, region, AVG(measure_value::double) AS mean
FROM ${rows}
WHERE measure_name = 'cpu_system' AND time > ago(1h)
GROUP BY bin(time, 1m), region
ORDER BY minute`,
    },
    {
      title: 'Windows as stored',
      statement: `SELECT window_start, window_end, instance_name, measure_value::double AS mean
FROM ${rows}
WHERE measure_name = 'avg_cpu_system' AND time > ago(1h)
ORDER BY time DESC
LIMIT 100`,
    },
    {
      title: 'Busiest hosts',
      statement: `SELECT instance_name, MAX(measure_value::double) AS highest
FROM ${rows}
WHERE measure_name = 'cpu_user' AND time > ago(15m)
GROUP BY instance_name
ORDER BY highest DESC
LIMIT 20`,
    },
    {
      title: 'Latest corrections',
      statement: `SELECT time, measure_name, window_start, measure_value::varchar AS change
FROM ${corrections}
WHERE time > ago(1h)
ORDER BY time DESC
LIMIT 100`,
    },
    { title: 'Measures and their dimensions', statement: `SHOW MEASURES FROM ${rows}` },
    { title: 'Columns of the table', statement: `DESCRIBE ${rows}` },
  ];
}
