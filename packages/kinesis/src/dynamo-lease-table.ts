import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Clock } from '@highwater/model';
import { LeaseTableError } from './errors.ts';

/** Where DynamoDB is. */
export interface DynamoConnection {
  readonly region: string;
  /** A local server; absent for AWS. */
  readonly endpoint?: string | undefined;
}

/** A client with bounded waits and without hidden retries: a renewal that is late is worthless. */
export function createDynamoClient({ region, endpoint }: DynamoConnection): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    }),
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  });
}

const pollIntervalMs = 500;
const creationMsMax = 60_000;

/**
 * Waits for the lease table, and makes it first when that is allowed: on-demand billing, a key and
 * nothing else. Several workers may do so at once.
 *
 * @throws {LeaseTableError} when it is not there and may not be made, or does not become active
 */
export async function openLeaseTable(
  client: DynamoDBClient,
  table: string,
  options: { readonly mayCreate: boolean; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { mayCreate, clock, signal } = options;
  const startMs = clock.monotonicMs();
  let hasCreated = false;
  for (;;) {
    const status = await tableStatus(client, table);
    if (status === 'ACTIVE' || status === 'UPDATING') return;
    if (status === undefined && !hasCreated) {
      if (!mayCreate) {
        const cause = new Error('it does not exist, and HW_LEASES_CREATE is false');
        throw new LeaseTableError('opening', table, cause);
      }
      await createTable(client, table);
      hasCreated = true;
      continue;
    }
    if (clock.monotonicMs() - startMs > creationMsMax) {
      const cause = new Error(`it is ${status ?? 'not there'} after ${creationMsMax / 1000} s`);
      throw new LeaseTableError('creating', table, cause);
    }
    await clock.sleep(pollIntervalMs, signal);
  }
}

async function tableStatus(client: DynamoDBClient, table: string): Promise<string | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return Table?.TableStatus;
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) return undefined;
    throw new LeaseTableError('describing', table, cause as Error);
  }
}

async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      }),
    );
  } catch (cause) {
    // Another worker was faster.
    if (!(cause instanceof ResourceInUseException)) {
      throw new LeaseTableError('creating', table, cause as Error);
    }
  }
}
