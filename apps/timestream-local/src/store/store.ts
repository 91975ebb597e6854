import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createCatalog, schemaVersion } from './catalog-schema.ts';
import { Catalog } from './catalog.ts';
import { commit, statement, type Change } from './change.ts';
import type { DuckDbOptions } from './create-duckdb.ts';
import { DataFileError } from './errors.ts';
import { GroupCommitter } from './group-committer.ts';
import { openDuckDb, releaseFile } from './open-duckdb.ts';
import type { StoreWriter } from './store-writer.ts';

export interface StoreOptions extends DuckDbOptions {
  readonly isStrict: boolean;
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly catalog: Catalog;
  readonly options: StoreOptions;
}

/** Is told every change, in order, once it is durable. The store goes on when its promise settles. */
export type OnCommitted = (changes: readonly Change[]) => Promise<void> | void;

/**
 * The file and everything in it. One connection writes, one task at a time. Statements of clients do
 * not run here but in engines, processes of their own with a replica of the file.
 */
export class Store implements AsyncDisposable {
  readonly catalog: Catalog;
  readonly committer: GroupCommitter;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #followers = new Set<OnCommitted>();
  /** Settles when the last task that had the store alone has ended. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #path: string | undefined;
  #isClosed = false;

  private constructor({ instance, writer, catalog, options }: Opened) {
    this.#instance = instance;
    this.#writer = writer;
    this.catalog = catalog;
    this.committer = new GroupCommitter((task) => this.exclusively(task), options.isStrict);
    this.#path = options.path;
  }

  /** @throws {DataFileError} when the file cannot be used */
  static async open(options: StoreOptions): Promise<Store> {
    const instance = await openDuckDb(options);
    try {
      const writer = await instance.connect();
      await prepareCatalog(writer, options.path);
      const catalog = await Catalog.load(writer);
      return new Store({ instance, writer, catalog, options });
    } catch (error) {
      instance.closeSync();
      releaseFile(options.path);
      throw error;
    }
  }

  /** Runs a task once all earlier ones have ended. */
  exclusively<T>(task: (writer: StoreWriter) => Promise<T>): Promise<T> {
    const writer: StoreWriter = {
      connection: this.#writer,
      commit: async (changes) => {
        await commit(this.#writer, changes);
        for (const onCommitted of this.#followers) await onCommitted(changes);
      },
    };
    const result = this.#last.then(() => task(writer));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Copies everything into a new DuckDB file, and tells all later changes.
   *
   * @param copyFile copies a file that holds still meanwhile; from another process, for DuckDB's lock
   *   on a file ends when this one closes it anywhere
   * @returns ends the telling
   */
  follow(
    replicaPath: string,
    copyFile: (from: string, to: string) => Promise<void>,
    onCommitted: OnCommitted,
  ): Promise<() => void> {
    return this.exclusively(async ({ connection }) => {
      if (this.#path === undefined) await copyDatabase(connection, replicaPath);
      else {
        await connection.run('CHECKPOINT');
        await copyFile(this.#path, replicaPath);
      }
      this.#followers.add(onCommitted);
      return () => void this.#followers.delete(onCommitted);
    });
  }

  /** A connection for reading; the caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#writer.closeSync();
    this.#instance.closeSync();
    releaseFile(this.#path);
  }
}

async function copyDatabase(connection: DuckDBConnection, path: string): Promise<void> {
  const current = await connection.run('SELECT current_database()');
  const name = String((await current.getRows())[0]?.[0]);
  await connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS replica`);
  try {
    await connection.run(`COPY FROM DATABASE "${name.replaceAll('"', '""')}" TO replica`);
  } finally {
    await connection.run('DETACH replica');
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
  await commit(
    writer,
    createCatalog.map((sql) => statement(sql)),
  );
}
