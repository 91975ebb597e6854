import type { StoreTable } from '@highwater/model';
import type { PostgresAddress } from '../address.ts';
import { asPostgresError } from '../classify-failure.ts';
import type { Connection } from '../connections.ts';
import { unusable } from '../errors.ts';
import { identifier } from '../sql-text.ts';
import { migrations } from './migrations.ts';
import type { SchemaNames } from './schema-names.ts';

/** What a program wants of the schema. */
export interface SchemaWish {
  readonly address: PostgresAddress;
  readonly names: SchemaNames;
  readonly table: StoreTable;
  readonly mayCreate: boolean;
}

/** What was found. */
export interface SchemaState {
  /** Days are chunks that TimescaleDB makes and drops; its schema, quoted. */
  readonly timescale: string | undefined;
}

const versionMin = 140_000;
const newest = migrations.length;

/**
 * Makes or checks the schema. Any number of processes may do so at once: one makes it, and the others
 * wait for it.
 *
 * @throws {PostgresError} when it cannot be used: the engine is too old, a right is missing, the schema
 *   is missing and may not be made, or a newer program has changed it
 */
export async function ensureSchema(connection: Connection, wish: SchemaWish): Promise<SchemaState> {
  await checkEngine(connection, wish);
  const { names, mayCreate } = wish;
  const found = await appliedVersion(connection, names);
  if (found > newest) throw tooNew(names, found);
  if (found < newest) {
    if (!mayCreate) {
      throw unusable(
        `opening schema ${names.bare.data}: ${found === 0 ? 'it is missing' : `it has version ${found} of ${newest}`}, and this program may not make it; run the setup, or let the writers create it`,
      );
    }
    await migrate(connection, wish);
  }
  await checkRights(connection, wish);
  return { timescale: await timescaleOf(connection, wish) };
}

/**
 * Looks at the schema and changes nothing.
 *
 * @returns whether the table can be written to, or is to be made or changed by a writer first
 * @throws {PostgresError} when it cannot be used, or the user may not make what `mayCreate` allows
 */
export async function inspectSchema(
  connection: Connection,
  wish: SchemaWish,
): Promise<'ready' | 'missing' | 'outdated'> {
  await checkEngine(connection, wish);
  const { address, names, mayCreate } = wish;
  const found = await appliedVersion(connection, names);
  if (found > newest) throw tooNew(names, found);
  if (found > 0) {
    await checkRights(connection, wish);
    return found === newest ? 'ready' : 'outdated';
  }
  const [row] = await connection.rows({
    text: `select has_database_privilege(current_database(), 'create')`,
  });
  if (mayCreate && row?.[0] !== true) {
    throw unusable(
      `opening schema ${names.bare.data}: it is missing, and user ${address.user} may not make it; run ${grantCreate(address)}`,
    );
  }
  return 'missing';
}

function grantCreate({ database, user }: PostgresAddress): string {
  return `GRANT CREATE ON DATABASE ${identifier(database)} TO ${identifier(user)}`;
}

async function checkEngine(connection: Connection, { address }: SchemaWish): Promise<void> {
  const [row] = await connection.rows({
    text: `select current_setting('server_version_num')::int, current_setting('server_version'),
      current_setting('server_encoding')`,
  });
  const [number, version, encoding] = row ?? [];
  if (Number(number) < versionMin) {
    throw unusable(
      `opening ${address.host}: PostgreSQL ${String(version)} is too old; Highwater needs 14 or newer`,
    );
  }
  if (encoding !== 'UTF8') {
    throw unusable(
      `opening database ${address.database}: its encoding is ${String(encoding)}; Highwater needs UTF8`,
    );
  }
}

async function appliedVersion(connection: Connection, names: SchemaNames): Promise<number> {
  const [table] = await connection.rows({
    text: `select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = 'migrations'`,
    values: [names.bare.data],
  });
  if (table === undefined) return 0;
  if (table[0] !== true) {
    throw unusable(
      `opening schema ${names.bare.data}: this user may not read it; run GRANT USAGE ON SCHEMA ${names.data} and GRANT SELECT ON ${names.migrations}, or grant the role of its owner`,
    );
  }
  const [row] = await connection.rows({
    text: `select coalesce(max(version), 0) from ${names.migrations}`,
  });
  return Number(row?.[0]);
}

async function migrate(connection: Connection, { address, names }: SchemaWish): Promise<void> {
  await connection.rows({ text: 'begin' });
  await connection.rows({ text: 'select pg_advisory_xact_lock($1)', values: [names.lockKey] });
  try {
    for (const schema of Object.values(names.bare)) await createSchema(connection, schema);
    await connection.rows({
      text: `create table if not exists ${names.migrations} (
        version int primary key, applied_at timestamptz not null default now())`,
    });
    const found = await appliedVersion(connection, names);
    if (found > newest) throw tooNew(names, found);
    const timescale = await installedTimescale(connection);
    for (const { version, statements } of migrations.slice(found)) {
      for (const text of statements(names, timescale)) await connection.rows({ text });
      await connection.rows({
        text: `insert into ${names.migrations} (version) values ($1)`,
        values: [version],
      });
    }
  } catch (error) {
    const isRight = (error as { code?: string }).code === '42501';
    if (!isRight) throw error;
    throw asPostgresError(
      `making schema ${names.bare.data}`,
      error,
      `run ${grantCreate(address)}, or, if the schema is there, let its owner make the change`,
    );
  }
  await connection.rows({ text: 'commit' });
}

/** `create schema if not exists` wants the right to create even where the schema is there. */
async function createSchema(connection: Connection, schema: string): Promise<void> {
  const found = await connection.rows({
    text: 'select 1 from pg_namespace where nspname = $1',
    values: [schema],
  });
  if (found.length === 0) await connection.rows({ text: `create schema ${identifier(schema)}` });
}

/** Days are made and dropped by the owner of the table, or a member of its role. */
async function checkRights(
  connection: Connection,
  { address, names, table }: SchemaWish,
): Promise<void> {
  const [row] = await connection.rows({
    text: `select pg_has_role(c.relowner, 'usage'), pg_get_userbyid(c.relowner),
        has_schema_privilege(n.oid, 'create'), pg_get_userbyid(n.nspowner)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2`,
    values: [names.bare.data, table],
  });
  if (row === undefined) {
    throw unusable(
      `opening schema ${names.bare.data}: its table ${table} is missing although its version says that it is there; restore it, or use another schema`,
    );
  }
  const [isOwner, owner, mayCreate, schemaOwner] = row;
  const user = identifier(address.user);
  if (isOwner !== true) {
    throw unusable(
      `opening table ${names.tables[table]}: user ${address.user} may not make its partitions; run GRANT ${identifier(String(owner))} TO ${user}`,
    );
  }
  if (mayCreate !== true) {
    throw unusable(
      `opening schema ${names.bare.data}, of ${String(schemaOwner)}: user ${address.user} may not make partitions in it; run GRANT USAGE, CREATE ON SCHEMA ${names.data} TO ${user}`,
    );
  }
}

async function installedTimescale(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.rows({
    text: `select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
      where e.extname = 'timescaledb'`,
  });
  return row === undefined ? undefined : identifier(String(row[0]));
}

/** Where the extension came after the tables, they stay as they are. */
async function timescaleOf(
  connection: Connection,
  { names, table }: SchemaWish,
): Promise<string | undefined> {
  const partitioned = await connection.rows({
    text: `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and c.relkind = 'p'`,
    values: [names.bare.data, table],
  });
  return partitioned.length > 0 ? undefined : installedTimescale(connection);
}

function tooNew(names: SchemaNames, found: number) {
  return unusable(
    `opening schema ${names.bare.data}: it has version ${found}, and this program knows ${newest}; update this program`,
  );
}
