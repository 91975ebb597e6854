import type { ExampleStatement } from '@highwater/model';
import type { SchemaNames } from '../schema/schema-names.ts';
import { literal } from '../sql-text.ts';

/** Statements over the tables, which are there whatever was written. */
export function exampleStatements(names: SchemaNames): readonly ExampleStatement[] {
  const { series, tables } = names;
  return [
    {
      title: 'Points per minute, by measure',
      statement: `SELECT date_trunc('minute', p.time) AS minute, s.measure_name, count(*) AS points
FROM ${tables.raw} p JOIN ${series} s USING (series_id)
WHERE p.time > now() - interval '15 minutes'
GROUP BY minute, s.measure_name
ORDER BY minute DESC, points DESC`,
    },
    {
      title: 'Average of one measure, by region',
      statement: `SELECT date_trunc('minute', p.time) AS minute, s.dimensions->>'region' AS region, avg(p.value) AS mean
FROM ${tables.raw} p JOIN ${series} s USING (series_id)
WHERE s.measure_name = 'cpu_system' AND p.time > now() - interval '1 hour'
GROUP BY minute, region
ORDER BY minute`,
    },
    {
      title: 'Windows as stored',
      statement: `SELECT p.time - s.window_before_ms * interval '1 ms' AS window_start,
  p.time + s.window_after_ms * interval '1 ms' AS window_end,
  s.dimensions, p.value, p.version
FROM ${tables.views} p JOIN ${series} s USING (series_id)
WHERE s.measure_name = 'avg_cpu_system' AND p.time > now() - interval '1 hour'
ORDER BY p.time DESC
LIMIT 100`,
    },
    {
      title: 'Busiest hosts',
      statement: `SELECT s.dimensions->>'instance_name' AS instance_name, max(p.value) AS highest
FROM ${tables.raw} p JOIN ${series} s USING (series_id)
WHERE s.measure_name = 'cpu_user' AND p.time > now() - interval '15 minutes'
GROUP BY instance_name
ORDER BY highest DESC
LIMIT 20`,
    },
    {
      title: 'Latest corrections',
      statement: `SELECT p.time, s.measure_name, p.window_start, p.value_text AS change
FROM ${tables.corrections} p JOIN ${series} s USING (series_id)
WHERE p.time > now() - interval '1 hour'
ORDER BY p.time DESC
LIMIT 100`,
    },
    {
      title: 'Views of measures and their columns',
      statement: `SELECT c.relname AS measure, array_agg(a.attname ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = ${literal(names.bare.people)} AND c.relkind = 'v' AND a.attnum > 0
GROUP BY c.relname
ORDER BY c.relname`,
    },
  ];
}
