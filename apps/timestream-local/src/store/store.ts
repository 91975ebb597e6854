import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createCatalog, schemaVersion } from './catalog-schema.ts';
import { Catalog } from './catalog.ts';
import { DataFileError } from './errors.ts';
import { GroupCommitter } from './group-committer.ts';
import { registerUdfs } from '../udf/register-udfs.ts';
import { openDuckDb, releaseFile, type DuckDbOptions } from './open-duckdb.ts';

export interface StoreOptions extends DuckDbOptions {
  readonly isStrict: boolean;
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly catalog: Catalog;
  readonly options: StoreOptions;
}

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
  /** To be disposed before the instance is closed. */
  readonly #udfs: Disposable;
  readonly #path: string | undefined;
  #isClosed = false;

  private constructor({ instance, writer, catalog, options }: Opened) {
    this.#instance = instance;
    this.#writer = writer;
    this.#udfs = registerUdfs(writer);
    this.catalog = catalog;
    this.committer = new GroupCommitter((task) => this.exclusively(task), options.isStrict);
    this.#path = options.path;
  }

  /** @throws {DataFileError} when the file cannot be used */
  static async open(options: StoreOptions): Promise<Store> {
    const instance = await openDuckDb(options);
    try {
      const writer = await instance.connect();
      await writer.run('SET enable_external_access = false');
      await prepareCatalog(writer, options.path);
      const catalog = await Catalog.load(writer);
      return new Store({ instance, writer, catalog, options });
    } catch (error) {
      instance.closeSync();
      releaseFile(options.path);
      throw error;
    }
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
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#udfs[Symbol.dispose]();
    this.#writer.closeSync();
    this.#instance.closeSync();
    releaseFile(this.#path);
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
      `opening ${path}: its layout is version ${String(version)}, this server reads ${schemaVersion}; choose another file, or move this one away`,
    );
  }
  await writer.run('BEGIN');
  for (const statement of createCatalog) await writer.run(statement);
  await writer.run('COMMIT');
}
