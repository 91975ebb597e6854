/** Statements that cover much of the dialect, over the table `dbx`.`tab`. */
export const statements: readonly string[] = [
  `SELECT * FROM "dbx"."tab" WHERE measure_name IN ('cpu','avg_cpu') LIMIT 100`,
  `SELECT bin(time, 1m) AS minute, avg(measure_value::double) AS a FROM "dbx"."tab" WHERE time > ago(15m) GROUP BY bin(time, 1m) ORDER BY minute DESC`,
  `WITH binned AS (SELECT host, bin(time, 30s) AS t, round(avg(measure_value::double), 2) AS v FROM "dbx"."tab" GROUP BY host, bin(time, 30s)), series AS (SELECT host, interpolate_linear(create_time_series(t, v), sequence(min(t), max(t), 15s)) AS s FROM binned GROUP BY host) SELECT host, time, value FROM series CROSS JOIN UNNEST(s)`,
  `SELECT host, max_by(measure_value::double, time), approx_percentile(measure_value::double, 0.9), count_if(measure_value::double > 1) FROM "dbx"."tab" GROUP BY 1 HAVING count(*) > 0`,
  `SELECT a.host, b.n FROM (SELECT DISTINCT host FROM "dbx"."tab") a LEFT JOIN (SELECT host, count(*) AS n FROM "dbx"."tab" GROUP BY host) b ON a.host = b.host ORDER BY 1 NULLS FIRST`,
  `SELECT row_number() OVER (PARTITION BY host ORDER BY time DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), lag(measure_value::double, 1) OVER (ORDER BY time) FROM "dbx"."tab"`,
  `SELECT CASE WHEN measure_value::double > 5 THEN 'high' WHEN measure_value::double IS NULL THEN NULL ELSE 'low' END, cast(time AS varchar) FROM "dbx"."tab" WHERE host LIKE 'h%' AND time BETWEEN from_milliseconds(0) AND now()`,
  `SELECT 1 AS x, 'a' UNION ALL SELECT 2, 'b' EXCEPT SELECT 3, 'c' ORDER BY x LIMIT 5`,
  `SELECT filter(ARRAY[1, 2, 3], x -> x > 1), reduce(ARRAY[1, 2], 0, (s, x) -> s + x, s -> s), transform(sequence(1, 3), x -> x * 2)`,
  `SELECT date_trunc('hour', time), date_diff('minute', min(time), max(time)), extract(hour FROM max(time)) FROM "dbx"."tab" GROUP BY date_trunc('hour', time)`,
  `SELECT host FROM "dbx"."tab" WHERE measure_value::double = (SELECT max(measure_value::double) FROM "dbx"."tab") AND EXISTS (SELECT 1) AND host NOT IN (SELECT host FROM "dbx"."tab" WHERE false)`,
  `SELECT a.measure_value::double - b.measure_value::double FROM "dbx"."tab" AS a JOIN "dbx"."tab" b USING (host, time) WHERE a.measure_value::double IS NOT NULL`,
  `SHOW MEASURES FROM "dbx"."tab" LIKE 'c%'`,
  `DESCRIBE "dbx"."tab"`,
];
