import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { createCatalog, schemaVersion } from './catalog-schema.ts';
import { Catalog } from './catalog.ts';
import { commit, statement, type Change } from './change.ts';
import { checkTables } from './check-tables.ts';
import { CommitNote } from './commit-note.ts';
import type { DuckDbOptions } from './create-duckdb.ts';
import { DataFileError } from './errors.ts';
import { explainOpening, explainUsing, isFatal } from './explain-file-error.ts';
import { GroupCommitter } from './group-committer.ts';
import { openDuckDb, releaseFile } from './open-duckdb.ts';
import type { StoreWriter } from './store-writer.ts';

export interface StoreOptions extends DuckDbOptions {
  readonly isStrict: boolean;
}

/** An open database, and the connection that writes. */
interface Opened {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly note: CommitNote;
}

/** Maintains a replica of the store. */
export interface Follower {
  /**
   * Receives every change, in order, once it is durable. The store continues when its promise
   * settles.
   */
  readonly committed: (changes: readonly Change[]) => Promise<void> | void;
  /** Changes may have become durable without being sent, so the replica is unusable. */
  readonly broken: () => void;
}

/**
 * The file and everything in it. One connection writes, one task at a time. Statements of clients do
 * not run here but in engines, which are separate processes with a replica of the file.
 *
 * After some errors, DuckDB rejects everything, for example when a checkpoint finds no space on the
 * disk. The store then reopens its file, like a restart. The file and its log contain everything that
 * was committed.
 */
export class Store implements AsyncDisposable {
  readonly catalog: Catalog;
  readonly committer: GroupCommitter;
  readonly #options: StoreOptions;
  #opened: Opened;
  readonly #followers = new Set<Follower>();
  /** Settles when the last task that had the store alone has ended. */
  #last: Promise<unknown> = Promise.resolve();
  /** Whether the file has to be reopened before anything else. */
  #isBroken = false;
  #isClosed = false;

  private constructor(opened: Opened, catalog: Catalog, options: StoreOptions) {
    this.#opened = opened;
    this.catalog = catalog;
    this.committer = new GroupCommitter((task) => this.exclusively(task), options.isStrict);
    this.#options = options;
  }

  /**
   * @throws {DataFileError} when the file cannot be used
   * @throws {OutOfSpaceError} when there is no room for it
   */
  static async open(options: StoreOptions): Promise<Store> {
    const catalog = new Catalog();
    const opened = await openFile(options, catalog);
    return new Store(opened, catalog, options);
  }

  /**
   * Runs a task once all earlier ones have ended.
   *
   * @throws {OutOfSpaceError} when there is no room on the disk
   * @throws {DataFileError} when the file turns out to be damaged
   */
  exclusively<T>(task: (writer: StoreWriter) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      try {
        if (this.#isBroken) await this.#openAgain();
        return await task(this.#storeWriter());
      } catch (error) {
        this.#isBroken ||= isFatal(error);
        throw explainUsing(this.#options.path, error);
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Copies everything into a new DuckDB file, and sends all later changes.
   *
   * @param copyFile copies a file that does not change in the meantime; from another process,
   * because DuckDB's lock on a file ends when this process closes it anywhere
   * @returns stops sending changes
   */
  follow(
    replicaPath: string,
    copyFile: (from: string, to: string) => Promise<void>,
    follower: Follower,
  ): Promise<() => void> {
    return this.exclusively(async ({ connection }) => {
      const { path } = this.#options;
      if (path === undefined) await copyDatabase(connection, replicaPath);
      else {
        await connection.run('CHECKPOINT');
        await this.#opened.note.write();
        await copyFile(path, replicaPath);
      }
      this.#followers.add(follower);
      return () => void this.#followers.delete(follower);
    });
  }

  /** Absent: in memory. */
  get path(): string | undefined {
    return this.#options.path;
  }

  /** A connection for reading; the caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#opened.instance.connect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.committer[Symbol.asyncDispose]();
    await this.#last;
    await this.#close();
  }

  #storeWriter(): StoreWriter {
    const { writer, note } = this.#opened;
    return {
      connection: writer,
      commit: async (changes) => {
        await commit(writer, [...changes, ...note.next()]);
        await note.committed();
        for (const { committed } of this.#followers) await committed(changes);
      },
    };
  }

  async #openAgain(): Promise<void> {
    // In memory there is nothing to open.
    if (this.#options.path === undefined) return;
    await this.#close();
    this.#opened = await openFile(this.#options, this.catalog);
    this.#isBroken = false;
    for (const { broken } of this.#followers) broken();
  }

  async #close(): Promise<void> {
    const { instance, writer, note } = this.#opened;
    await note.close();
    writer.closeSync();
    instance.closeSync();
    releaseFile(this.#options.path);
  }
}

/** Opens the file, and reads into the catalog what it says. */
async function openFile(options: StoreOptions, catalog: Catalog): Promise<Opened> {
  await CommitNote.checkLog(options.path);
  const instance = await openDuckDb(options);
  try {
    const writer = await instance.connect();
    await prepareCatalog(writer, options.path);
    await catalog.load(writer);
    await checkTables(writer, catalog);
    const note = await CommitNote.open(options.path, writer);
    return { instance, writer, note };
  } catch (error) {
    instance.closeSync();
    releaseFile(options.path);
    if (options.path === undefined || error instanceof DataFileError) throw error;
    throw explainOpening(options.path, error);
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
      `opening ${path}: its layout has version ${String(version)}, but this server reads ${schemaVersion}; choose another file, or move this one away`,
    );
  }
  await commit(
    writer,
    createCatalog.map((sql) => statement(sql)),
  );
}
