import type { RowReader } from '@highwater/model';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { password as clickhousePassword } from '../../test/clickhouse/clickhouse-fixture.ts';
import { temporaryEngine, type TemporaryEngine } from '../../test/clickhouse/temporary-engine.ts';
import { temporaryPostgres } from '../../test/store-contract/temporary-postgres.ts';
import { startServer } from '../timestream-local/server-process.ts';

/** A server with places for rows, such as a database or a schema, which are made when they are used. */
export interface Engine extends AsyncDisposable {
  /** The settings of a program that uses a place. */
  settings(place: string): Readonly<Record<string, string>>;
  /** Bytes on disk of the rows in a place, with their indexes. */
  storedBytes(place: string, reader: RowReader): Promise<number>;
}

/** An engine that can be started here; one that cannot says why. */
export interface EngineKind {
  readonly name: string;
  readonly start: () => Promise<Engine | { readonly reason: string }>;
}

/** The engines, each with its own store. */
export const engineKinds: readonly EngineKind[] = [
  { name: 'PostgreSQL', start: startPostgresEngine },
  { name: 'ClickHouse', start: startClickhouseEngine },
  { name: 'timestream-local', start: startTimestreamEngine },
];

const signal = new AbortController().signal;

async function startPostgresEngine(): Promise<Engine> {
  const { server, ...temporary } = await temporaryPostgres();
  const { username, password, host, pathname } = new URL(server.url);
  return {
    settings: (place) => ({
      HW_STORE: `postgres://${username}@${host}${pathname}?schema=${place}`,
      HW_STORE_PASSWORD: password,
    }),
    storedBytes: (place, reader) =>
      numberFrom(
        reader,
        `select sum(pg_total_relation_size(c.oid)) from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = '${place}_data' and c.relkind = 'r'`,
      ),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
}

/** The engine of the tests, where it can be had. */
async function startClickhouseEngine(): Promise<Engine | { readonly reason: string }> {
  let engine: TemporaryEngine;
  try {
    engine = await temporaryEngine();
  } catch (error) {
    return { reason: (error as Error).message };
  }
  return {
    settings: (place) => ({
      HW_STORE: `clickhouse://default@127.0.0.1:${engine.port}/${place}`,
      HW_STORE_PASSWORD: clickhousePassword,
    }),
    storedBytes: (place, reader) =>
      numberFrom(
        reader,
        `select sum(bytes_on_disk) from system.parts where active and database = '${place}'`,
      ),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** All its places are tables in one file. */
async function startTimestreamEngine(): Promise<Engine> {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-stores-'));
  const file = join(directory, 'rows.duckdb');
  const server = await startServer(file, undefined);
  let bytesBefore = 0;
  return {
    settings: (place) => ({
      HW_STORE: `timestream://highwater/${place}`,
      HW_TIMESTREAM_CORRECTIONS_TABLE: `${place}_corrections`,
      AWS_ENDPOINT_URL_TIMESTREAM_WRITE: server.endpoint,
      AWS_ENDPOINT_URL_TIMESTREAM_QUERY: server.endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    }),
    async storedBytes() {
      const { size } = await stat(file);
      const bytes = size - bytesBefore;
      bytesBefore = size;
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function numberFrom(reader: RowReader, statement: string): Promise<number> {
  const { rows } = await reader.query(statement, { rowsMax: 1, signal });
  return Number(rows[0]?.[0]);
}
