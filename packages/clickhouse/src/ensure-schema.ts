import type { StoreTable } from '@highwater/model';
import { callWithRetry, type CallContext } from './call-with-retry.ts';
import { asClickhouseError } from './classify-failure.ts';
import { createMigrationsTable, createStatements, migrationsTable } from './create-statements.ts';
import { unusable } from './errors.ts';
import { identifier, literal } from './sql-text.ts';
import { qualified, type TableLayout } from './table-layout.ts';

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
  await checkServer(context, signal);
  let version = await readVersion(context, layout.table, signal);
  if (version === undefined && mayCreate) {
    version = await create(context, layout, retentionDays, signal);
  }
  if (version === undefined) {
    throw unusable(
      `opening table ${layout.table} of database ${database}: it does not exist, and may not be created here; run "highwater setup" as a user who may create it`,
      'UNKNOWN_TABLE',
    );
  }
  if (version > layoutVersion) {
    throw unusable(
      `opening table ${layout.table} of database ${database}: its layout has version ${version}, but this program knows ${layoutVersion}; update the program`,
      'NEWER_LAYOUT',
    );
  }
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
  retentionDays: number,
  signal: AbortSignal,
): Promise<number> {
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
    `INSERT INTO ${qualified(database, migrationsTable)} (table_name, version) VALUES (${literal(layout.table)}, ${layoutVersion})`,
  ]) {
    await run(context, statement, signal);
  }
  log.info({ database, table: layout.table, retentionDays }, 'Made the ClickHouse table.');
  return layoutVersion;
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
