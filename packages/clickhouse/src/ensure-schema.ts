import type { StoreTable } from '@highwater/model';
import { callWithRetry, type CallContext } from './call-with-retry.ts';
import { asClickhouseError } from './classify-failure.ts';
import { createMigrationsTable, createStatements, migrationsTable } from './create-statements.ts';
import { unusable } from './errors.ts';
import { identifier, literal } from './sql-text.ts';
import {
  columnTypes,
  qualified,
  seriesColumns,
  type ColumnName,
  type TableLayout,
} from './table-layout.ts';

/** Of the layout that this program reads and writes. */
const layoutVersion = 1;

/** The oldest server whose statements these are: the long-term release of August 2023. */
const oldestServer = [23, 8] as const;

/** What a program wants of a table. */
export interface SchemaWish {
  readonly mayCreate: boolean;
  readonly retentionDays: number;
}

/**
 * Checks the server, the tables, and the right to use them, and makes what is missing. Nothing is
 * written before everything was found in order. Any number of programs may do so at once.
 *
 * @returns the days that the table keeps rows
 * @throws {ClickhouseError} when the table cannot be used
 */
export async function ensureSchema(
  context: CallContext,
  layout: TableLayout,
  { mayCreate, retentionDays }: SchemaWish,
  signal: AbortSignal,
): Promise<number> {
  const { database, log } = context;
  const opening = `opening table ${layout.table} of database ${database}`;
  await checkServer(context, signal);
  const version = await readVersion(context, layout.table, signal);
  if (version !== undefined && version > layoutVersion) {
    throw unusable(
      `${opening}: its layout has version ${version}, but this program knows ${layoutVersion}; update the program`,
      'NEWER_LAYOUT',
    );
  }
  const found = await findTables(context, layout, signal);
  const isMissing = version === undefined || found === 'missing';
  if (isMissing && !mayCreate) {
    throw unusable(
      `${opening}: it does not exist, or this user cannot see it, and it may not be created here; run "highwater setup" as a user who may create it`,
      'UNKNOWN_TABLE',
    );
  }
  if (isMissing) await create(context, layout, { retentionDays, version }, signal);
  await checkRights(context, layout, signal);
  const keptDays = (await readRetention(context, layout, signal)) ?? retentionDays;
  if (keptDays !== retentionDays) {
    log.warn(
      { table: layout.table, retentionDays: keptDays },
      'The ClickHouse table has another retention than configured; its retention is not changed.',
    );
  }
  return keptDays;
}

async function create(
  context: CallContext,
  layout: TableLayout,
  given: { readonly retentionDays: number; readonly version: number | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { retentionDays, version } = given;
  const { database, log } = context;
  const [known] = await rowsOf(
    context,
    `SELECT name FROM system.databases WHERE name = ${literal(database)}`,
    signal,
  );
  // Where it exists, the right to make databases is not needed.
  if (!known) await run(context, `CREATE DATABASE IF NOT EXISTS ${identifier(database)}`, signal);
  for (const statement of [
    createMigrationsTable(database),
    ...createStatements(database, layout, retentionDays),
    ...(version === undefined
      ? [
          `INSERT INTO ${qualified(database, migrationsTable)} (table_name, version) VALUES (${literal(layout.table)}, ${layoutVersion})`,
        ]
      : []),
  ]) {
    await run(context, statement, signal);
  }
  log.info({ database, table: layout.table, retentionDays }, 'Made the ClickHouse table.');
}

/**
 * Looks for the tables, which somebody may have dropped, or made for something else.
 *
 * @throws {ClickhouseError} when a table cannot keep what is written here
 */
async function findTables(
  context: CallContext,
  layout: TableLayout,
  signal: AbortSignal,
): Promise<'ready' | 'missing'> {
  const { database } = context;
  let found: 'ready' | 'missing' = 'ready';
  for (const wanted of wantedTables(layout)) {
    const [[engine, sortingKey = ''] = []] = await rowsOf(
      context,
      `SELECT engine_full, sorting_key FROM system.tables WHERE database = ${literal(database)} AND name = ${literal(wanted.name)}`,
      signal,
    );
    if (engine === undefined) {
      found = 'missing';
      continue;
    }
    const columns = await rowsOf(
      context,
      `SELECT name, type FROM system.columns WHERE database = ${literal(database)} AND table = ${literal(wanted.name)}`,
      signal,
    );
    const types = new Map(columns.map(([name = '', type = '']) => [name, type]));
    const fault = findFault(wanted, { engine, sortingKey, types });
    if (fault !== undefined) {
      throw unusable(
        `opening table ${layout.table} of database ${database}: ${wanted.name} is not a table of Highwater, because ${fault}; choose another database`,
        'OTHER_LAYOUT',
      );
    }
  }
  return found;
}

/** What a table has to have to keep what is written here. */
interface WantedTable {
  readonly name: string;
  readonly columns: readonly ColumnName[];
  /** Rows that are equal in these are versions of one row. */
  readonly identityColumns: readonly ColumnName[];
  /** The highest value is kept. */
  readonly versionColumn: ColumnName;
}

function wantedTables({ names, columns, identityColumns }: TableLayout): readonly WantedTable[] {
  return [
    {
      name: names.series,
      columns: seriesColumns,
      identityColumns: ['measure_name', 'series_id'],
      versionColumn: 'registered_at',
    },
    { name: names.rows, columns, identityColumns, versionColumn: 'version' },
  ];
}

function findFault(
  { columns, identityColumns, versionColumn }: WantedTable,
  found: {
    readonly engine: string;
    readonly sortingKey: string;
    readonly types: ReadonlyMap<string, string>;
  },
): string | undefined {
  // Replicated tables, and those of ClickHouse Cloud, have engines whose names end in the same way.
  const engine = new RegExp(String.raw`^\w*ReplacingMergeTree\([^)]*\b${versionColumn}\)`);
  if (!engine.test(found.engine)) {
    return `its engine is not ReplacingMergeTree(${versionColumn})`;
  }
  const key = new Set(found.sortingKey.split(', '));
  for (const name of identityColumns) {
    if (!key.has(name)) return `it is not sorted by ${name}`;
  }
  for (const name of columns) {
    const [type, expected] = [found.types.get(name), columnTypes[name]];
    if (type === undefined) return `it has no column ${name}`;
    if (bareType(type) !== bareType(expected)) return `its column ${name} is a ${type}`;
  }
  return undefined;
}

/** `LowCardinality` is kept otherwise, but sent as what is in it. */
function bareType(type: string): string {
  return type.replaceAll(/LowCardinality\((\w+)\)/g, '$1');
}

async function checkServer(context: CallContext, signal: AbortSignal): Promise<void> {
  const [[version = ''] = []] = await rowsOf(context, 'SELECT version()', signal);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestServer;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw unusable(
      `opening database ${context.database}: the server is ClickHouse ${version}, but ${oldestMajor}.${oldestMinor} or newer is needed`,
      'OLD_SERVER',
    );
  }
}

/** @returns undefined while the table was not made */
async function readVersion(
  context: CallContext,
  table: StoreTable,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { database } = context;
  const known = await rowsOf(
    context,
    `SELECT name FROM system.tables WHERE database = ${literal(database)} AND name = ${literal(migrationsTable)}`,
    signal,
  );
  if (known.length === 0) return undefined;
  const [newest] = await rowsOf(
    context,
    `SELECT toString(max(version)) FROM ${qualified(database, migrationsTable)} WHERE table_name = ${literal(table)}`,
    signal,
  );
  const version = Number(newest?.[0]);
  return version > 0 ? version : undefined;
}

/** @returns the days that the engine keeps rows; undefined where it keeps them all */
async function readRetention(
  context: CallContext,
  { names }: TableLayout,
  signal: AbortSignal,
): Promise<number | undefined> {
  const [[engine = ''] = []] = await rowsOf(
    context,
    `SELECT engine_full FROM system.tables WHERE database = ${literal(context.database)} AND name = ${literal(names.rows)}`,
    signal,
  );
  const days = /toIntervalDay\((\d+)\)/.exec(engine)?.[1];
  return days === undefined ? undefined : Number(days);
}

/** The engine checks the rights to read and to write before it finds that there is nothing to do. */
async function checkRights(
  context: CallContext,
  { rows, series }: TableLayout,
  signal: AbortSignal,
): Promise<void> {
  for (const table of [series, rows]) {
    await run(context, `INSERT INTO ${table} SELECT * FROM ${table} WHERE 0`, signal);
  }
}

async function run(context: CallContext, statement: string, signal: AbortSignal): Promise<void> {
  const { connection, database } = context;
  const action = `opening database ${database}`;
  const call = (attempt: AbortSignal) => connection.command(statement, { signal: attempt });
  try {
    await callWithRetry(context, action, call, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw asClickhouseError(action, error);
  }
}

async function rowsOf(
  context: CallContext,
  statement: string,
  signal: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  const { connection, database } = context;
  const action = `opening database ${database}`;
  const call = (attempt: AbortSignal) => connection.texts(statement, { signal: attempt });
  try {
    return await callWithRetry(context, action, call, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw asClickhouseError(action, error);
  }
}
