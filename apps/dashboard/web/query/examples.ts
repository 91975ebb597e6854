import type { InfoReply } from '../../src/contract.ts';

/** A statement worth starting from. */
export interface Example {
  readonly name: string;
  readonly statement: string;
}

/** Statements for the tables of this dashboard. */
export function examples({ database, table, correctionsTable }: InfoReply): readonly Example[] {
  const rows = `"${database}"."${table}"`;
  const corrections = `"${database}"."${correctionsTable}"`;
  return [
    {
      name: 'Points per minute, by measure',
      statement: `SELECT bin(time, 1m) AS minute, measure_name, COUNT(*) AS points
FROM ${rows}
WHERE time > ago(15m)
GROUP BY bin(time, 1m), measure_name
ORDER BY minute DESC, points DESC`,
    },
    {
      name: 'Average of one measure, by region',
      statement: `SELECT bin(time, 1m) AS minute, region, AVG(measure_value::double) AS mean
FROM ${rows}
WHERE measure_name = 'cpu_system' AND time > ago(1h)
GROUP BY bin(time, 1m), region
ORDER BY minute`,
    },
    {
      name: 'Windows as stored',
      statement: `SELECT window_start, window_end, instance_name, measure_value::double AS mean
FROM ${rows}
WHERE measure_name = 'avg_cpu_system' AND time > ago(1h)
ORDER BY time DESC
LIMIT 100`,
    },
    {
      name: 'Busiest hosts',
      statement: `SELECT instance_name, MAX(measure_value::double) AS highest
FROM ${rows}
WHERE measure_name = 'cpu_user' AND time > ago(15m)
GROUP BY instance_name
ORDER BY highest DESC
LIMIT 20`,
    },
    {
      name: 'Latest corrections',
      statement: `SELECT time, measure_name, window_start, measure_value::varchar AS change
FROM ${corrections}
WHERE time > ago(1h)
ORDER BY time DESC
LIMIT 100`,
    },
    { name: 'Measures and their dimensions', statement: `SHOW MEASURES FROM ${rows}` },
    { name: 'Columns of the table', statement: `DESCRIBE ${rows}` },
  ];
}
