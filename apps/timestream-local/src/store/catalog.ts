import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatabaseInfo, TableInfo, TableSettings, Tag } from './catalog-types.ts';
import { createTable, dropTable } from './catalog-schema.ts';
import { statement } from './change.ts';
import type { StoreWriter } from './store-writer.ts';
import { TableState } from './table-state.ts';

/**
 * Databases, tables and tags: read from memory, changed in the file first. Every method that takes a
 * writer must be called by the task that has it alone.
 */
export class Catalog {
  readonly #databases = new Map<string, DatabaseInfo>();
  /** By database, then by name. */
  readonly #tables = new Map<string, Map<string, TableState>>();
  readonly #tags = new Map<string, readonly Tag[]>();

  /**
   * Reads everything from the file, possibly again. Existing table objects stay the same for their
   * users.
   */
  async load(connection: DuckDBConnection): Promise<void> {
    const known = new Map([...this.#allTables()].map((table) => [table.info.id, table]));
    const databases = await docs<DatabaseInfo>(connection, 'SELECT doc FROM hw_databases');
    const tables: TableState[] = [];
    for (const doc of await docs<TableInfo>(connection, 'SELECT doc FROM hw_tables')) {
      const table = known.get(doc.id) ?? new TableState(doc);
      await table.reload(connection);
      table.info = doc;
      tables.push(table);
      known.delete(doc.id);
    }
    type Tagged = { readonly arn: string; readonly tags: readonly Tag[] };
    const tagged = await docs<Tagged>(connection, 'SELECT doc FROM hw_tags');
    this.#databases.clear();
    this.#tables.clear();
    this.#tags.clear();
    for (const doc of databases) {
      this.#databases.set(doc.name, doc);
      this.#tables.set(doc.name, new Map());
    }
    for (const table of tables) {
      this.#tables.get(table.info.databaseName)?.set(table.info.name, table);
    }
    for (const { arn, tags } of tagged) this.#tags.set(arn, tags);
    for (const table of known.values()) table.isDropped = true;
  }

  database(name: string): DatabaseInfo | undefined {
    return this.#databases.get(name);
  }

  table(databaseName: string, name: string): TableState | undefined {
    return this.#tables.get(databaseName)?.get(name);
  }

  /** In the order of their names. */
  databases(): readonly DatabaseInfo[] {
    return byName([...this.#databases.values()], ({ name }) => name);
  }

  /** In the order of their names. */
  tables(databaseName: string): readonly TableState[] {
    return byName([...(this.#tables.get(databaseName)?.values() ?? [])], ({ info }) => info.name);
  }

  tags(arn: string): readonly Tag[] {
    return this.#tags.get(arn) ?? [];
  }

  /** Creates a database, or changes one of that name. */
  async putDatabase(writer: StoreWriter, info: DatabaseInfo): Promise<void> {
    await writer.commit([
      statement('DELETE FROM hw_databases WHERE name = $1', [info.name]),
      statement('INSERT INTO hw_databases VALUES ($1, $2)', [info.name, JSON.stringify(info)]),
    ]);
    this.#databases.set(info.name, info);
    if (!this.#tables.has(info.name)) this.#tables.set(info.name, new Map());
  }

  /** The database must have no tables. */
  async dropDatabase(writer: StoreWriter, name: string): Promise<void> {
    await writer.commit([statement('DELETE FROM hw_databases WHERE name = $1', [name])]);
    this.#databases.delete(name);
    this.#tables.delete(name);
  }

  async addTable(
    writer: StoreWriter,
    table: Omit<TableInfo, 'id' | 'updatedMs'>,
  ): Promise<TableState> {
    const rows = await writer.connection.run('SELECT next_table_id FROM hw_meta');
    const id = Number((await rows.getRows())[0]?.[0]);
    const info: TableInfo = { ...table, id, updatedMs: table.createdMs };
    await writer.commit([
      statement('UPDATE hw_meta SET next_table_id = next_table_id + 1'),
      ...createTable(id).map((sql) => statement(sql)),
      statement('INSERT INTO hw_tables VALUES ($1, $2)', [id, JSON.stringify(info)]),
    ]);
    const state = new TableState(info);
    this.#tables.get(info.databaseName)?.set(info.name, state);
    return state;
  }

  async changeTable(
    writer: StoreWriter,
    table: TableState,
    change: { readonly settings: TableSettings; readonly updatedMs: number },
  ): Promise<void> {
    const info = { ...table.info, ...change };
    await writer.commit([
      statement('UPDATE hw_tables SET doc = $2 WHERE id = $1', [info.id, JSON.stringify(info)]),
    ]);
    table.info = info;
  }

  async dropTable(writer: StoreWriter, table: TableState): Promise<void> {
    await writer.commit(dropTable(table.info.id).map((sql) => statement(sql)));
    table.isDropped = true;
    this.#tables.get(table.info.databaseName)?.delete(table.info.name);
  }

  /** No tags take the entry away. */
  async putTags(writer: StoreWriter, arn: string, tags: readonly Tag[]): Promise<void> {
    const added = statement('INSERT INTO hw_tags VALUES ($1, $2)', [
      arn,
      JSON.stringify({ arn, tags }),
    ]);
    await writer.commit([
      statement('DELETE FROM hw_tags WHERE arn = $1', [arn]),
      ...(tags.length === 0 ? [] : [added]),
    ]);
    if (tags.length === 0) this.#tags.delete(arn);
    else this.#tags.set(arn, tags);
  }

  *#allTables(): Generator<TableState> {
    for (const tables of this.#tables.values()) yield* tables.values();
  }
}

async function docs<T>(connection: DuckDBConnection, sql: string): Promise<readonly T[]> {
  const result = await connection.run(sql);
  return (await result.getRows()).map(([doc]) => JSON.parse(String(doc)) as T);
}

function byName<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
