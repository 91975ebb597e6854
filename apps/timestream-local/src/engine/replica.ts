import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { access } from 'node:fs/promises';
import { commit, statement, type Change } from '../store/change.ts';
import { createDuckDb } from '../store/create-duckdb.ts';
import type { ChangeRequest, OpenRequest } from './messages.ts';

export interface ReplicaOptions {
  /** Receives the position that the copy has reached. */
  readonly onApplied: (position: number) => void;
  /** Whether the query of a connection, by DuckDB's number of it, may go on. */
  readonly mayRun: (connectionId: number) => boolean;
}

/** Rows in one transaction at most. */
const appendedRowsMax = 20_000;

/**
 * A copy of the store's file that follows it. Waiting changes are made together, in one transaction
 * that also records the position. After a crash, it continues from there.
 */
export class Replica {
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #onApplied: (position: number) => void;
  readonly #waiting: ChangeRequest[] = [];
  #applying: Promise<void> = Promise.resolve();
  #isApplying = false;

  private constructor(
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    onApplied: (position: number) => void,
  ) {
    this.#instance = instance;
    this.#writer = writer;
    this.#onApplied = onApplied;
  }

  /**
   * Opens a copy. Statements of clients cannot access anything outside it.
   *
   * @returns the replica, and the position of the last change in it; 0 for a new copy
   * @throws when the file cannot be used
   */
  static async open(
    { path, memoryBytesMax, isWithFunctions }: OpenRequest,
    { onApplied, mayRun }: ReplicaOptions,
  ): Promise<{ readonly replica: Replica; readonly position: number }> {
    // DuckDB would create an empty file if it is missing.
    await access(path);
    const instance = await createDuckDb({ path, memoryBytesMax });
    const writer = await instance.connect();
    await writer.run('SET enable_external_access = false');
    await writer.run('CREATE TABLE IF NOT EXISTS hw_replica (position BIGINT)');
    const found = await writer.run('SELECT max(position) FROM hw_replica');
    const position = Number((await found.getRows())[0]?.[0] ?? 0);
    if (isWithFunctions) {
      const { registerUdfs } = await import('../udf/register-udfs.ts');
      registerUdfs(writer, { mayRun, growthBytesMax: 0.75 * memoryBytesMax });
    }
    return { replica: new Replica(instance, writer, onApplied), position };
  }

  /**
   * Makes a change, after all earlier ones.
   *
   * @throws when it fails, or an earlier one did: the copy is then unusable
   */
  change(request: ChangeRequest): Promise<void> {
    this.#waiting.push(request);
    if (!this.#isApplying) {
      this.#isApplying = true;
      this.#applying = this.#apply();
    }
    return this.#applying;
  }

  /**
   * A connection for one query. It sees every earlier change.
   *
   * @throws when a change failed: the copy is then unusable
   */
  async connect(): Promise<DuckDBConnection> {
    if (this.#isApplying) await this.#applying;
    return this.#instance.connect();
  }

  async #apply(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupEnd(this.#waiting));
      const position = group.at(-1)?.position ?? 0;
      await commit(this.#writer, [
        ...group.flatMap(({ changes }) => changes),
        statement('DELETE FROM hw_replica'),
        statement('INSERT INTO hw_replica VALUES ($1)', [position]),
      ]);
      this.#onApplied(position);
    }
    this.#isApplying = false;
  }
}

/**
 * How many of the waiting transactions are combined. A table that was created or altered is not
 * changed further in the same transaction, because DuckDB does not support every combination.
 */
function groupEnd(waiting: readonly ChangeRequest[]): number {
  let rows = 0;
  for (const [at, { changes }] of waiting.entries()) {
    rows += changes.reduce((sum, change) => sum + rowsOf(change), 0);
    if (rows > appendedRowsMax || changes.some(isDefinition)) return Math.max(1, at);
  }
  return waiting.length;
}

function rowsOf(change: Change): number {
  return change.kind === 'append' ? (change.columns[0]?.values.length ?? 0) : 0;
}

function isDefinition(change: Change): boolean {
  return change.kind === 'statement' && /^(CREATE TABLE|ALTER|DROP)/.test(change.sql);
}
