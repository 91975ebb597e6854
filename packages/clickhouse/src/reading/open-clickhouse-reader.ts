import type { RowReader } from '@highwater/model';
import type { ReaderOptions } from '@highwater/store-kit';
import type { ClickhouseLogin } from '../clickhouse-login.ts';
import { ClickhouseReader } from './clickhouse-reader.ts';
import { ReadingSession } from './reading-session.ts';

/** Reads the tables of a database. Nothing is called yet; the caller disposes the reader. */
export function openClickhouseReader(login: ClickhouseLogin, options: ReaderOptions): RowReader {
  return new ClickhouseReader(new ReadingSession(login, options), login.database);
}
