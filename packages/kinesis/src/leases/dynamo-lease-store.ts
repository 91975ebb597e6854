import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { LeaseTableError } from '../errors.ts';
import { checkpointItem, leaseOfItem, newLeaseItem, type LeaseItem } from './lease-item.ts';
import type { Checkpoint, Lease, LeaseStore, NewLease } from './lease-store.ts';

/** The condition of a write: an expression and its values. */
interface Condition {
  readonly expression: string;
  readonly values: LeaseItem;
}

/**
 * Leases in a DynamoDB table: one row per shard, single-row conditional writes, consistent reads.
 *
 * No write depends on the reply to the previous one, so a lost reply is harmless: the fence is owner
 * and epoch, and only a take depends on the counter.
 */
export class DynamoLeaseStore implements LeaseStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async list(): Promise<readonly Lease[]> {
    const leases: Lease[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page: ScanCommandOutput = await this.#call('listing', () =>
        this.#client.send(
          new ScanCommand({
            TableName: this.#table,
            ConsistentRead: true,
            ExclusiveStartKey: start,
          }),
        ),
      );
      for (const item of page.Items ?? []) {
        const lease = leaseOfItem(item);
        if (lease) leases.push(lease);
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return leases;
  }

  async create(lease: NewLease): Promise<void> {
    await this.#conditionally('creating', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: newLeaseItem(lease),
          ConditionExpression: 'attribute_not_exists(leaseKey)',
        }),
      ),
    );
  }

  take(seen: Lease, owner: string): Promise<Lease | undefined> {
    return this.#update('taking', seen, {
      update:
        'SET leaseOwner = :owner, leaseEpoch = :next, leaseCounter = leaseCounter + :one ' +
        'REMOVE wantedBy, checkpointOwner ADD ownerSwitchesSinceCheckpoint :one',
      values: { ':owner': { S: owner }, ':next': { N: String(seen.epoch + 1) } },
      condition: unchanged(seen),
    });
  }

  renew(held: Lease): Promise<Lease | undefined> {
    return this.#update('renewing', held, {
      update: 'SET leaseCounter = leaseCounter + :one',
      values: {},
      condition: stillHeld(held),
    });
  }

  checkpoint(held: Lease, checkpoint: Checkpoint): Promise<Lease | undefined> {
    const { set, remove } = checkpointItem(checkpoint);
    const assignments = Object.keys(set).map((name) => `${name} = :${name}`);
    const values = Object.fromEntries(
      Object.entries(set).map(([name, value]) => [`:${name}`, value]),
    );
    return this.#update('writing the checkpoint of', held, {
      update:
        `SET ${assignments.join(', ')}, leaseCounter = leaseCounter + :one` +
        (remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''),
      values,
      condition: notOvertaken(stillHeld(held), checkpoint),
    });
  }

  request(seen: Lease, by: string): Promise<Lease | undefined> {
    const { expression, values } = stillHeld(seen);
    return this.#update('asking for', seen, {
      update: 'SET wantedBy = :by',
      values: { ':by': { S: by } },
      condition: { expression: `${expression} AND attribute_not_exists(wantedBy)`, values },
    });
  }

  async release(held: Lease, heir?: string): Promise<void> {
    await this.#update('releasing', held, {
      update:
        heir === undefined
          ? 'SET leaseCounter = leaseCounter + :one REMOVE wantedBy, leaseOwner'
          : 'SET leaseCounter = leaseCounter + :one, leaseOwner = :heir REMOVE wantedBy',
      values: heir === undefined ? {} : { ':heir': { S: heir } },
      condition: stillHeld(held),
    });
  }

  async remove(seen: Lease): Promise<void> {
    const { expression, values } = unchanged(seen);
    await this.#conditionally('removing', () =>
      this.#client.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: { leaseKey: { S: seen.shardId } },
          ConditionExpression: expression,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  }

  async #update(
    action: string,
    { shardId }: NewLease,
    { update, values, condition }: { update: string; values: LeaseItem; condition: Condition },
  ): Promise<Lease | undefined> {
    const all = { ...values, ...condition.values };
    if (update.includes(':one')) all[':one'] = { N: '1' };
    const reply = await this.#conditionally(`${action} ${shardId}`, () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { leaseKey: { S: shardId } },
          UpdateExpression: update,
          ConditionExpression: condition.expression,
          ExpressionAttributeValues: all,
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return reply?.Attributes && leaseOfItem(reply.Attributes);
  }

  async #conditionally<T>(action: string, send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#call(action, send);
    } catch (error) {
      if ((error as Error).cause instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async #call<T>(action: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (cause) {
      throw new LeaseTableError(action, this.#table, cause as Error);
    }
  }
}

/** A row made by the Kinesis Client Library has no epoch yet, which counts as 0. */
function epochIs({ epoch }: Lease): string {
  return epoch === 0
    ? '(leaseEpoch = :epoch OR attribute_not_exists(leaseEpoch))'
    : 'leaseEpoch = :epoch';
}

function stillHeld(lease: Lease): Condition {
  const epoch = { ':epoch': { N: String(lease.epoch) } };
  return lease.owner === undefined
    ? {
        expression: `attribute_exists(leaseKey) AND attribute_not_exists(leaseOwner) AND ${epochIs(lease)}`,
        values: epoch,
      }
    : {
        expression: `leaseOwner = :holder AND ${epochIs(lease)}`,
        values: { ...epoch, ':holder': { S: lease.owner } },
      };
}

/** Its number is among the values of the update. */
function notOvertaken(condition: Condition, { number }: Checkpoint): Condition {
  if (number === undefined) return condition;
  const isLast =
    '(attribute_not_exists(checkpointNumber) OR checkpointNumber <= :checkpointNumber)';
  return { ...condition, expression: `${condition.expression} AND ${isLast}` };
}

function unchanged(lease: Lease): Condition {
  const { expression, values } = stillHeld(lease);
  return {
    expression: `${expression} AND leaseCounter = :counter`,
    values: { ...values, ':counter': { N: String(lease.counter) } },
  };
}
