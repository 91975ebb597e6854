const table = '"bench"."stored"';
const value = 'measure_value::double';

/** A statement that keeps the server busy, and what it is called. */
export interface HeavyQuery {
  readonly title: string;
  readonly text: string;
}

/** Over all rows of the table, of every kind that costs much. */
export const heavyQueries: readonly HeavyQuery[] = [
  {
    title: 'date_format',
    text: `SELECT max(date_format(time, '%Y-%m-%d %H:%i:%s')) FROM ${table}`,
  },
  {
    title: 'format_datetime',
    text: `SELECT max(format_datetime(time, 'yyyy-MM-dd HH:mm:ss')) FROM ${table}`,
  },
  {
    title: 'bin and avg',
    text: `SELECT instance_name, measure_name, bin(time, 1m), avg(${value}) FROM ${table} GROUP BY 1, 2, 3`,
  },
  {
    title: 'count(DISTINCT)',
    text: `SELECT count(DISTINCT time), count(DISTINCT ${value}) FROM ${table}`,
  },
  {
    title: 'sort for a window function',
    text: `SELECT max(place) FROM (SELECT row_number() OVER (PARTITION BY measure_name ORDER BY ${value}, time) AS place FROM ${table})`,
  },
  {
    title: 'self join',
    text: `SELECT count(*) FROM ${table} a JOIN ${table} b ON a.time = b.time AND a.measure_name = b.measure_name`,
  },
  {
    title: 'interpolate_linear',
    text: `SELECT max(cardinality(points)) FROM (SELECT interpolate_linear(create_time_series(time, ${value}), sequence(min(time), max(time), 12s)) AS points FROM ${table} GROUP BY instance_name, measure_name)`,
  },
  {
    title: 'approx_percentile',
    text: `SELECT measure_name, approx_percentile(${value}, 0.99) FROM ${table} GROUP BY 1`,
  },
  {
    title: 'regexp_like',
    text: `SELECT count(*) FROM ${table} WHERE regexp_like(instance_name || measure_name, '(a|b|[c-z])*1.*[0-9]+x$')`,
  },
  {
    title: 'levenshtein_distance',
    text: `SELECT sum(levenshtein_distance(instance_name, measure_name)) FROM ${table}`,
  },
  {
    title: 'nested transform',
    text: `SELECT sum(cardinality(transform(sequence(1, 10), x -> cardinality(transform(sequence(1, 10), y -> x * y * measure_value::double))))) FROM ${table}`,
  },
  { title: 'SELECT * to the last page', text: `SELECT * FROM ${table}` },
];
