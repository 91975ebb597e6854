import type { SchemaNames } from './schema-names.ts';

/** A step from one form of the schema to the next. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly statements: (
    names: SchemaNames,
    /** The schema of TimescaleDB's functions, quoted, where it is installed. */
    timescale: string | undefined,
  ) => readonly string[];
}

// A column's place decides the padding: numbers of eight bytes follow each other.
const columns = `
  series_id int not null,
  nanos smallint not null default 0,
  time timestamptz not null,
  version bigint not null,
  value float8,
  value_bigint bigint,
  value_bool boolean,
  value_text text,
  attributes jsonb`;

const windowColumns = `,
  window_start timestamptz not null,
  window_end timestamptz not null`;

/**
 * All forms of the schema, oldest first. One that is released is never changed.
 *
 * A series is found by the hash of its name and dimensions: an index over them would refuse long ones.
 * `nanos` are the nanoseconds of the microsecond: `timestamptz` ends there. A series of a view has the
 * distance of a row's time to both bounds of its window, so that rows need not.
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    statements: (names, timescale) => [
      `create table if not exists ${names.series} (
        series_id int generated always as identity primary key,
        measure_name text not null,
        dimensions jsonb not null,
        window_before_ms bigint,
        window_after_ms bigint,
        digest bytea not null unique)`,
      `create index if not exists series_measure_name on ${names.series} (measure_name)`,
      `create index if not exists series_dimensions on ${names.series} using gin (dimensions jsonb_path_ops)`,
      `create table if not exists ${names.measures} (
        kind text not null,
        measure_name text not null,
        view_name text not null,
        sources jsonb not null,
        columns jsonb not null,
        primary key (kind, measure_name))`,
      ...(['raw', 'views', 'corrections'] as const).flatMap((table) =>
        pointsTable(names, table, timescale),
      ),
      `create index if not exists corrections_time on ${names.tables.corrections} (time)`,
    ],
  },
];

function pointsTable(
  names: SchemaNames,
  table: 'raw' | 'views' | 'corrections',
  timescale: string | undefined,
): readonly string[] {
  const name = names.tables[table];
  const isCorrections = table === 'corrections';
  const key = [
    'series_id',
    'time',
    'nanos',
    ...(isCorrections ? ['window_start', 'window_end'] : []),
  ];
  return [
    `create table if not exists ${name} (${columns}${isCorrections ? windowColumns : ''},
      primary key (${key.join(', ')}))${timescale === undefined ? ' partition by range (time)' : ' with (fillfactor = 70)'}`,
    ...(timescale === undefined
      ? []
      : [
          `select ${timescale}.create_hypertable('${name}', 'time', chunk_time_interval => interval '1 day', create_default_indexes => false, if_not_exists => true)`,
        ]),
    `create index if not exists ${table}_time_range on ${name} using brin (time) with (pages_per_range = 32, autosummarize = on)`,
  ];
}
