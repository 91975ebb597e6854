import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createCatalog, schemaVersion } from './catalog-schema.ts';
import { Catalog } from './catalog.ts';
import { DataFileError } from './errors.ts';
import { GroupCommitter } from './group-committer.ts';
import { registerUdfs } from '../udf/register-udfs.ts';
import { openDuckDb, type DuckDbOptions } from './open-duckdb.ts';

/**
 * The file and everything in it. One connection writes, one task at a time; queries have connections
 * of their own and see the last committed state.
 */
export class Store implements AsyncDisposable {
  readonly catalog: Catalog;
  readonly committer: GroupCommitter;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  /** Settles when the last task that was given the writing connection has ended. */
  #last: Promise<unknown> = Promise.resolve();

  readonly #udfs: Disposable;

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection, catalog: Catalog) {
    this.#instance = instance;
    this.#writer = writer;
    this.#udfs = registerUdfs(writer);
    this.catalog = catalog;
    this.committer = new GroupCommitter((task) => this.exclusively(task));
  }

  /** @throws {DataFileError} when the file cannot be used */
  static async open(options: DuckDbOptions): Promise<Store> {
    const instance = await openDuckDb(options);
    const writer = await instance.connect();
    await writer.run('SET enable_external_access = false');
    await prepareCatalog(writer, options.path);
    return new Store(instance, writer, await Catalog.load(writer));
  }

  /** Runs a task on the writing connection once all earlier ones have ended. */
  exclusively<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => task(this.#writer));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** A connection for a query; the caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#udfs[Symbol.dispose]();
    this.#writer.closeSync();
    this.#instance.closeSync();
  }
}

async function prepareCatalog(writer: DuckDBConnection, path: string | undefined): Promise<void> {
  const found = await writer.run(
    `SELECT table_name FROM duckdb_tables() WHERE table_name = 'hw_meta'`,
  );
  if ((await found.getRows()).length > 0) {
    const meta = await writer.run('SELECT schema_version FROM hw_meta');
    const version = (await meta.getRows())[0]?.[0];
    if (version === schemaVersion) return;
    throw new DataFileError(
      `opening ${path}: its layout is version ${String(version)}, this server reads ${schemaVersion}`,
    );
  }
  await writer.run('BEGIN');
  for (const statement of createCatalog) await writer.run(statement);
  await writer.run('COMMIT');
}
