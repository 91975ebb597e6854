import type { RowReader } from '@highwater/model';
import type { ReaderOptions } from '@highwater/store-kit';
import type { PostgresAddress } from './address.ts';
import { Connections } from './connections.ts';
import { PostgresReader } from './reading/postgres-reader.ts';
import { ReadSession } from './reading/read-session.ts';
import { schemaNames } from './schema/schema-names.ts';

/**
 * Opens a database for reading. It connects with the first question, and has nothing to answer until a
 * writer has made the tables.
 *
 * The user needs to read the tables, and no more: `USAGE` on the three schemas, and `SELECT` on what is
 * in them. Every statement runs in a transaction that cannot write, with a time limit, and is cancelled
 * when its signal aborts.
 *
 * @throws {PostgresError} when the file of certificates cannot be read
 */
export async function openPostgresReader(
  address: PostgresAddress,
  { requestsInFlightMax, requestTimeoutMs, clock }: ReaderOptions,
): Promise<RowReader> {
  const connections = await Connections.to(address, {
    connectionsMax: requestsInFlightMax,
    timeoutMs: requestTimeoutMs,
  });
  const session = new ReadSession({
    connections,
    clock,
    requestsInFlightMax,
    timeoutMs: requestTimeoutMs,
  });
  return new PostgresReader(connections, session, schemaNames(address.schema));
}
