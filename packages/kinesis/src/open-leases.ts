import type { Clock } from '@highwater/model';
import { join } from 'node:path';
import type { ConsumerConfig } from './consumer-settings.ts';
import { DirectoryLeaseStore } from './directory-lease-store.ts';
import { DynamoLeaseStore } from './dynamo-lease-store.ts';
import { createDynamoClient, openLeaseTable } from './dynamo-lease-table.ts';
import type { LeaseStore } from './lease-store.ts';

/** Whose leases, and of which stream. */
export interface OpenLeasesOptions {
  readonly config: ConsumerConfig;
  readonly service: string;
  readonly stream: string;
  readonly clock: Clock;
}

/**
 * Opens the leases of a service where its configuration says. Disposing them ends the connection,
 * and gives no lease up.
 *
 * @throws {LeaseTableError} when the table is not there and may not be made
 */
export async function openLeases(
  { config, service, stream, clock }: OpenLeasesOptions,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly store: LeaseStore }> {
  if (config.HW_LEASES === 'directory') {
    const directory = join(config.HW_STATE_DIR, service, stream, 'leases');
    const store = await DirectoryLeaseStore.open(directory);
    return { store, async [Symbol.asyncDispose]() {} };
  }
  const table = config.HW_LEASES_TABLE ?? `highwater-${service}-leases`;
  const endpoint = config.AWS_ENDPOINT_URL_DYNAMODB;
  const client = createDynamoClient({ region: config.AWS_REGION, endpoint });
  await openLeaseTable(client, table, { mayCreate: config.HW_LEASES_CREATE, clock, signal });
  return {
    store: new DynamoLeaseStore(client, table),
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}
