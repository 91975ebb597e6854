import type { DuckDBConnection } from '@duckdb/node-api';
import { open, type FileHandle } from 'node:fs/promises';
import { statement, type Change } from './change.ts';
import { DataFileError } from './errors.ts';

const digits = 16;

/**
 * Counts the transactions of a store, in its file as part of each, and beside it. DuckDB takes a log that
 * was cut, or one wrong bit in the length of an entry, for the torn end of a crash, and goes on without
 * the rows behind it: the two counts then differ.
 *
 * The one beside the file is written after each commit and never synced: after a loss of power it may be
 * behind, but it is never ahead.
 */
export class CommitCount {
  readonly #file: FileHandle | undefined;
  #count: number;

  private constructor(file: FileHandle | undefined, count: number) {
    this.#file = file;
    this.#count = count;
  }

  /**
   * @param path of the data file; absent: in memory, where nothing is lost
   * @throws {DataFileError} when the data file has fewer transactions than were stored
   */
  static async open(path: string | undefined, connection: DuckDBConnection): Promise<CommitCount> {
    if (path === undefined) return new CommitCount(undefined, 0);
    await connection.run('CREATE TABLE IF NOT EXISTS hw_commits (count BIGINT)');
    const rows = await (await connection.run('SELECT max(count) FROM hw_commits')).getRows();
    const count = Number(rows[0]?.[0] ?? 0);
    const beside = `${path}.commits`;
    const file = await openEither(beside);
    const stored = await read(file);
    if (stored !== undefined && stored > count) {
      await file.close();
      throw new DataFileError(
        `opening ${path}: it or its .wal is damaged: ${stored} transactions were stored, and ${count} are in it; put a copy of all its files in their place, or remove ${beside} to go on without the rows that are missing`,
      );
    }
    if (rows[0]?.[0] === null) await connection.run('INSERT INTO hw_commits VALUES (0)');
    return new CommitCount(file, count);
  }

  /** To be made with the changes of the next transaction. */
  next(): readonly Change[] {
    if (!this.#file) return [];
    return [statement(`UPDATE hw_commits SET count = ${this.#count + 1}`)];
  }

  /** The transaction is durable. What cannot be noted of it is not noticed when it is lost, and no more. */
  async committed(): Promise<void> {
    this.#count += 1;
    await this.#file?.write(encode(this.#count), 0).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

async function openEither(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return open(path, 'w+', 0o600);
  }
}

/** Twice, so that a count that was damaged or torn is none. */
function encode(count: number): string {
  const line = `${String(count).padStart(digits, '0')}\n`;
  return line + line;
}

async function read(file: FileHandle): Promise<number | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2 * digits + 2), 0, null, 0);
  const text = buffer.toString('latin1', 0, bytesRead);
  const count = Number(text.slice(0, digits));
  return text === encode(count) ? count : undefined;
}
