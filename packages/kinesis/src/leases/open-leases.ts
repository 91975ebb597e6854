import type { Clock, Logger } from '@highwater/model';
import { join } from 'node:path';
import type { ConsumerConfig } from '../config.ts';
import { DirectoryLeaseStore } from './directory-lease-store.ts';
import { DynamoLeaseStore } from './dynamo-lease-store.ts';
import { createDynamoClient, openLeaseTable } from './dynamo-lease-table.ts';
import type { LeaseStore } from './lease-store.ts';

/** The owner of the leases, and the stream. */
export interface OpenLeasesOptions {
  readonly config: ConsumerConfig;
  readonly service: string;
  readonly stream: string;
  readonly clock: Clock;
  readonly log?: Logger | undefined;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** How long calls to an unreachable table are retried. @default 5 minutes */
  readonly giveUpAfterMs?: number | undefined;
}

/**
 * Opens the leases of a service, where its configuration places them. Disposing them ends the
 * connection, and releases no lease.
 *
 * @throws {LeaseTableError} when the table cannot be used
 */
export async function openLeases(
  { config, service, stream, clock, random, log, giveUpAfterMs }: OpenLeasesOptions,
  signal: AbortSignal,
): Promise<AsyncDisposable & { readonly store: LeaseStore }> {
  if (config.HW_LEASES === 'directory') {
    const directory = join(config.HW_STATE_DIR, service, stream);
    const store = await DirectoryLeaseStore.open(
      join(directory, 'leases'),
      join(directory, 'snapshots'),
    );
    return { store, async [Symbol.asyncDispose]() {} };
  }
  const table = leaseTableName(config, service);
  const endpoint = config.AWS_ENDPOINT_URL_DYNAMODB;
  const client = createDynamoClient({ region: config.AWS_REGION, endpoint });
  const mayCreate = config.HW_LEASES_CREATE;
  try {
    await openLeaseTable(client, table, { mayCreate, clock, signal, random, log, giveUpAfterMs });
  } catch (error) {
    client.destroy();
    throw error;
  }
  return {
    store: new DynamoLeaseStore(client, table),
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}

/** The name of a service's lease table. */
export function leaseTableName(
  { HW_LEASES_TABLE: name }: Pick<ConsumerConfig, 'HW_LEASES_TABLE'>,
  service: string,
): string {
  return name ?? `highwater-${service}-leases`;
}
