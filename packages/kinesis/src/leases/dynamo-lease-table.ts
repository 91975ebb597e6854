import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isTransient, poll, retry, type Backoff } from '@highwater/flow';
import type { Clock, Logger } from '@highwater/model';
import { LeaseTableError } from '../errors.ts';

const leaseKey = 'leaseKey';

/** Where DynamoDB is. */
export interface DynamoConnection {
  readonly region: string;
  /** A local server; undefined for AWS. */
  readonly endpoint?: string | undefined;
}

/** A client with limited waits and without hidden retries, because a late renewal is worthless. */
export function createDynamoClient({ region, endpoint }: DynamoConnection): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    }),
    ...(endpoint && { endpoint }),
    // AWS itself always uses https. Plain http means a local server, which accepts any credentials.
    ...(endpoint?.startsWith('http:') && {
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
}

const pollIntervalMs = 500;
const creationMsMax = 60_000;
const backoff: Backoff = { delayMsMin: 500, delayMsMax: 5_000 };

/** How a lease table is opened. */
export interface OpenLeaseTableOptions {
  readonly mayCreate: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log?: Logger | undefined;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** How long calls to an unreachable or throttling table are retried. @default 5 minutes */
  readonly giveUpAfterMs?: number | undefined;
}

/**
 * Waits for the lease table, and first creates it if that is allowed, with on-demand billing and
 * only a key. Several workers may do so concurrently. Calls that time out or are throttled are
 * retried, so a worker that starts while DynamoDB is unreachable waits.
 *
 * @throws {LeaseTableError} when the table is missing and may not be created, has another key, does
 * not become active, or stays unreachable
 */
export async function openLeaseTable(
  client: DynamoDBClient,
  table: string,
  options: OpenLeaseTableOptions,
): Promise<void> {
  const { mayCreate, clock, signal } = options;
  let isCreated = false;
  let status: string | undefined;
  const look = async () => {
    const found = await patiently(options, () => findLeaseTable(client, table));
    status = found?.status;
    if (status === 'ACTIVE' || status === 'UPDATING') return found;
    if (found || isCreated) return undefined;
    if (!mayCreate) {
      throw unusable(
        'opening',
        table,
        'it does not exist, and HW_LEASES_CREATE is false; create it, or set HW_LEASES_CREATE=true',
      );
    }
    await patiently(options, () => createTable(client, table));
    isCreated = true;
    return undefined;
  };
  const timeoutMs = creationMsMax;
  const found = await poll(look, { clock, signal, intervalMs: pollIntervalMs, timeoutMs });
  if (found) return checkKey(table, found);
  throw unusable(
    'creating',
    table,
    `it is still ${status ?? 'missing'} after ${timeoutMs / 1000} s`,
  );
}

/** A lease table as DynamoDB describes it. */
export interface FoundLeaseTable {
  /** `ACTIVE`, `CREATING`, `UPDATING`, … */
  readonly status: string;
  /** The attributes of its key: `leaseKey` alone, if it is a lease table. */
  readonly keyNames: readonly string[];
  readonly itemsCount: number;
}

/**
 * Reads the description of a lease table without changing it.
 *
 * @returns undefined when no table has this name
 * @throws {LeaseTableError} when the call fails
 */
export async function findLeaseTable(
  client: DynamoDBClient,
  table: string,
): Promise<FoundLeaseTable | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    return {
      status: Table?.TableStatus ?? 'unknown',
      keyNames: (Table?.KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName),
      itemsCount: Table?.ItemCount ?? 0,
    };
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) return undefined;
    throw new LeaseTableError('describing', table, cause as Error);
  }
}

function checkKey(table: string, { keyNames }: FoundLeaseTable): void {
  if (keyNames.length === 1 && keyNames[0] === leaseKey) return;
  const key = keyNames.join(', ');
  throw unusable(
    'opening',
    table,
    `its key is ${key}, but a lease table has the key ${leaseKey}; set HW_LEASES_TABLE to another table`,
  );
}

/** Repeats a call that may succeed after a wait. */
function patiently<T>(options: OpenLeaseTableOptions, call: () => Promise<T>): Promise<T> {
  const { clock, signal, log, random, giveUpAfterMs = 300_000 } = options;
  return retry(call, {
    clock,
    signal,
    random,
    giveUpAfterMs,
    backoffFor: (error) => (isTransient(error) ? backoff : undefined),
    onRetry: (error, { count }) =>
      log?.warn({ failures: count, err: error }, 'Opening the lease table failed; retrying.'),
  });
}

async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: leaseKey, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: leaseKey, KeyType: 'HASH' }],
      }),
    );
  } catch (cause) {
    // Another worker created it first.
    if (!(cause instanceof ResourceInUseException)) {
      throw new LeaseTableError('creating', table, cause as Error);
    }
  }
}

function unusable(action: string, table: string, why: string): LeaseTableError {
  return new LeaseTableError(action, table, new Error(why));
}
