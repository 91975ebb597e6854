import type { ExampleStatement } from '@highwater/model';

/** Over the views that are there whatever the measures are called. */
export const examples: readonly ExampleStatement[] = [
  {
    title: 'Newest rows',
    statement: `SELECT time, measure_name, dimensions, value, version
FROM views_latest
WHERE time > now() - INTERVAL 1 HOUR
ORDER BY time DESC
LIMIT 100`,
  },
  {
    title: 'Measures with their number of rows and newest time',
    statement: `SELECT measure_name, count() AS rows, max(time) AS newest
FROM views_latest
WHERE time > now() - INTERVAL 1 DAY
GROUP BY measure_name
ORDER BY measure_name`,
  },
  {
    title: 'Average per minute of each raw measure',
    statement: `SELECT measure_name, toStartOfMinute(time) AS minute, avg(value) AS average
FROM raw_latest
WHERE time > now() - INTERVAL 15 MINUTE
GROUP BY measure_name, minute
ORDER BY measure_name, minute`,
  },
  {
    title: 'Latest corrections',
    statement: `SELECT time, measure_name, dimensions, window_start, window_end,
  JSONExtractFloat(value_text, 'from') AS value_before,
  JSONExtractFloat(value_text, 'to') AS value_after
FROM corrections_latest
ORDER BY time DESC
LIMIT 100`,
  },
  {
    title: 'Views for people: one for each measure',
    statement: `SELECT name FROM system.tables
WHERE database = currentDatabase() AND engine = 'View'
ORDER BY name`,
  },
];
