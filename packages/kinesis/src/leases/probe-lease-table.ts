import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { LeaseTableError } from '../errors.ts';

/** The calls of a worker to its lease table, by DynamoDB's names. */
export const leaseTableActions = ['Scan', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;

/** One of them. */
export type LeaseTableAction = (typeof leaseTableActions)[number];

/**
 * Checks whether an action is allowed on a lease table. It changes nothing, because every write has
 * a condition that never holds.
 *
 * @throws {LeaseTableError} the error that a worker would get
 */
export async function probeLeaseTable(
  client: DynamoDBClient,
  table: string,
  action: LeaseTableAction,
): Promise<void> {
  try {
    await send(client, table, action);
  } catch (cause) {
    if (cause instanceof ConditionalCheckFailedException) return;
    throw new LeaseTableError(`trying ${action} on`, table, cause as Error);
  }
}

const key = { leaseKey: { S: 'a-lease-that-does-not-exist' } };
const never = {
  ConditionExpression: 'attribute_exists(leaseKey) AND attribute_not_exists(leaseKey)',
};

async function send(
  client: DynamoDBClient,
  TableName: string,
  action: LeaseTableAction,
): Promise<void> {
  switch (action) {
    case 'Scan':
      await client.send(new ScanCommand({ TableName, Limit: 1 }));
      return;
    case 'PutItem':
      await client.send(new PutItemCommand({ TableName, Item: key, ...never }));
      return;
    case 'UpdateItem':
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: key,
          UpdateExpression: 'REMOVE leaseOwner',
          ...never,
        }),
      );
      return;
    case 'DeleteItem':
      await client.send(new DeleteItemCommand({ TableName, Key: key, ...never }));
  }
}
