import type { DuckDBConnection } from '@duckdb/node-api';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { statement, type Change } from './change.ts';
import { DataFileError } from './errors.ts';
import { beginsWith, GrowingLogSum, type LogSum } from './log-sum.ts';

/** The durable state at the time of writing. */
interface Noted {
  readonly commits: number;
  readonly log: LogSum;
}

/**
 * Notes next to a data file how much is stored in it: the number of transactions, which the file
 * also counts itself, and the checksum of its log. DuckDB mistakes a truncated log, or one wrong
 * bit in the length of an entry, for the incomplete end after a crash, and continues without the
 * rows after it. The counts then differ.
 *
 * The note is written after each commit and never synced. After a power failure, it may be behind,
 * but it is never ahead.
 */
export class CommitNote {
  readonly #file: FileHandle | undefined;
  readonly #log: GrowingLogSum;
  #commits: number;

  private constructor(file: FileHandle | undefined, log: GrowingLogSum, commits: number) {
    this.#file = file;
    this.#log = log;
    this.#commits = commits;
  }

  /**
   * Checks a log before DuckDB opens it, which may replace it.
   *
   * @param path of the data file; undefined: in memory, where nothing is lost
   * @throws {DataFileError} when it differs from the log that was written
   */
  static async checkLog(path: string | undefined): Promise<void> {
    if (path === undefined) return;
    const noted = decode(await readFile(notePath(path), 'latin1').catch(() => ''));
    if (!noted || beginsWith(logPath(path), noted.log)) return;
    throw damaged(
      path,
      `the first ${noted.log.bytes} bytes of its log are not the bytes that were written`,
    );
  }

  /**
   * @param path of the data file, which is open
   * @throws {DataFileError} when it has fewer transactions than were stored
   */
  static async open(path: string | undefined, connection: DuckDBConnection): Promise<CommitNote> {
    if (path === undefined) return new CommitNote(undefined, new GrowingLogSum(''), 0);
    await connection.run('CREATE TABLE IF NOT EXISTS hw_commits (count BIGINT)');
    const found = (await (await connection.run('SELECT max(count) FROM hw_commits')).getRows())[0];
    const commits = Number(found?.[0] ?? 0);
    const noted = decode(await readFile(notePath(path), 'latin1').catch(() => ''));
    if (noted && noted.commits > commits) {
      throw damaged(path, `${noted.commits} transactions were stored, but it contains ${commits}`);
    }
    if (found?.[0] === null) await connection.run('INSERT INTO hw_commits VALUES (0)');
    const file = await open(notePath(path), 'w', 0o600);
    const note = new CommitNote(file, new GrowingLogSum(logPath(path)), commits);
    await note.write();
    return note;
  }

  /** To be made with the changes of the next transaction. */
  next(): readonly Change[] {
    if (!this.#file) return [];
    return [statement(`UPDATE hw_commits SET count = ${this.#commits + 1}`)];
  }

  /** The transaction is durable. */
  async committed(): Promise<void> {
    this.#commits += 1;
    await this.write();
  }

  /**
   * After a commit or a checkpoint. If the note cannot be written, only a later loss goes
   * unnoticed.
   */
  async write(): Promise<void> {
    if (!this.#file) return;
    const text = encode({ commits: this.#commits, log: this.#log.next() });
    await this.#file.write(text, 0).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

function notePath(path: string): string {
  return `${path}.commits`;
}

function logPath(path: string): string {
  return `${path}.wal`;
}

function damaged(path: string, how: string): DataFileError {
  return new DataFileError(
    `opening ${path}: it or its .wal is damaged: ${how}; restore all its files from a backup, or remove ${notePath(path)} to continue without the lost data`,
  );
}

/** Written twice with a fixed length, so that a damaged or torn note is recognized. */
function encode({ commits, log }: Noted): string {
  const numbers = [commits, log.bytes, log.crc32].map((number) => String(number).padStart(16, '0'));
  const line = `${numbers.join(' ')}\n`;
  return line + line;
}

function decode(text: string): Noted | undefined {
  const [commits = 0, bytes = 0, crc32 = 0] = (text.split('\n')[0] ?? '').split(' ').map(Number);
  const noted = { commits, log: { bytes, crc32 } };
  return text === encode(noted) ? noted : undefined;
}
