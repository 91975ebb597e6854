import { columnTypes, qualified, type ColumnName, type TableLayout } from './table-layout.ts';

/**
 * The longest retention that is left to the engine. It computes with seconds in 32 bits, which end in
 * 2106; rows with a longer retention stay.
 */
const ttlDaysMax = 9_000;

/** Days in one partition when there are few of them; otherwise a month, so that parts stay few. */
const dailyPartitionsDaysMax = 62;

/** A series is registered again so often, and forgotten some time after its last rows are. */
export const registerAgainAfterMs = 30 * 86_400_000;
const seriesOutliveRowsDays = 62;

/**
 * Makes the tables as they are in version 1 of the layout. Any number of programs may do so at once.
 *
 * `time` is part of every identity and decides the partition, so all versions of a row meet in one. Rows
 * are sorted by hour first: a query for a range reads its hours only, and within an hour the rows of a
 * series are neighbours.
 */
export function createStatements(
  database: string,
  { table, rows, series, names, hasWindows }: TableLayout,
  retentionDays: number,
): readonly string[] {
  const hasTtl = retentionDays <= ttlDaysMax;
  const partition = retentionDays <= dailyPartitionsDaysMax ? 'toYYYYMMDD(time)' : 'toYYYYMM(time)';
  const windowColumns = hasWindows
    ? `${typed('window_start')} CODEC(Delta, ZSTD(1)), ${typed('window_end')} CODEC(Delta, ZSTD(1)),`
    : '';
  const version = table === 'raw' ? 'CODEC(Delta, ZSTD(1))' : 'CODEC(ZSTD(1))';
  return [
    `CREATE TABLE IF NOT EXISTS ${series} (
      ${typed('measure_name')},
      ${typed('series_id')},
      ${typed('value_type')},
      ${typed('dimensions')} CODEC(ZSTD(1)),
      ${typed('registered_at')}
    ) ENGINE = ReplacingMergeTree(registered_at)
    ORDER BY (measure_name, series_id, value_type)
    ${hasTtl ? `TTL registered_at + toIntervalDay(${retentionDays + seriesOutliveRowsDays})` : ''}`,
    `CREATE TABLE IF NOT EXISTS ${rows} (
      ${typed('measure_name')},
      ${typed('series_id')} CODEC(ZSTD(1)),
      ${typed('time')} CODEC(Delta, ZSTD(1)),
      ${windowColumns}
      ${typed('value')} CODEC(ZSTD(1)),
      ${typed('value_int')} CODEC(ZSTD(1)),
      ${typed('value_text')} CODEC(ZSTD(1)),
      ${typed('value_bool')} CODEC(ZSTD(1)),
      ${typed('attributes')} CODEC(ZSTD(1)),
      ${typed('version')} ${version}
    ) ENGINE = ReplacingMergeTree(version)
    PARTITION BY ${partition}
    ORDER BY (measure_name, toStartOfHour(time), series_id, time${hasWindows ? ', window_start, window_end' : ''})
    ${hasTtl ? `TTL toDateTime(least(time, toDateTime64('2080-01-01 00:00:00', 9, 'UTC'))) + toIntervalDay(${retentionDays})` : ''}
    SETTINGS ttl_only_drop_parts = 1`,
    `CREATE VIEW IF NOT EXISTS ${qualified(database, `${names.rows}_latest`)} AS
    SELECT r.measure_name AS measure_name, s.dimensions AS dimensions, r.time AS time,
      ${hasWindows ? 'r.window_start AS window_start, r.window_end AS window_end,' : ''}
      r.value AS value, r.value_int AS value_int, r.value_text AS value_text, r.value_bool AS value_bool,
      r.attributes AS attributes, r.version AS version
    FROM (SELECT * FROM ${rows} FINAL) AS r
    ANY LEFT JOIN (SELECT measure_name, series_id, dimensions FROM ${series}) AS s
    ON r.measure_name = s.measure_name AND r.series_id = s.series_id
    SETTINGS do_not_merge_across_partitions_select_final = 1`,
  ];
}

export const migrationsTable = 'highwater_migrations';

/** A column and its type. */
function typed(name: ColumnName): string {
  return `${name} ${columnTypes[name]}`;
}

/** Which layout the tables of a database have. */
export function createMigrationsTable(database: string): string {
  return `CREATE TABLE IF NOT EXISTS ${qualified(database, migrationsTable)} (
    table_name String,
    version UInt32,
    applied_at DateTime('UTC') DEFAULT now()
  ) ENGINE = MergeTree ORDER BY (table_name, version)`;
}
