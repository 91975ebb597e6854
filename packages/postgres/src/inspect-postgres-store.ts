import type { StoreOptions } from '@highwater/store-kit';
import type { PostgresAddress } from './address.ts';
import { asPostgresError } from './classify-failure.ts';
import { Connections } from './connections.ts';
import { callWithRetry } from './retry.ts';
import { inspectSchema } from './schema/ensure-schema.ts';
import { schemaNames } from './schema/schema-names.ts';

/**
 * Looks at a table as a writer would before it opens it, but makes nothing, and drops no old partition.
 *
 * @returns `missing` or `outdated` when a writer with the right to do so has to make or change the schema
 * @throws {PostgresError} when it cannot be used
 */
export async function inspectPostgresStore(
  address: PostgresAddress,
  options: StoreOptions,
): Promise<'ready' | 'missing' | 'outdated'> {
  const { table, mayCreate, signal, requestTimeoutMs: timeoutMs } = options;
  await using connections = await Connections.to(address, { connectionsMax: 1, timeoutMs });
  const names = schemaNames(address.schema);
  const action = `opening database ${address.database} on ${address.host}:${address.port} as ${address.user}`;
  try {
    return await callWithRetry(
      { ...options, connections, timeoutMs, onServerLost: () => undefined },
      {
        action,
        task: (connection) => inspectSchema(connection, { address, names, table, mayCreate }),
        isOpen: false,
      },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw asPostgresError(action, error);
  }
}
