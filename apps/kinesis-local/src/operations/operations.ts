import type { Operation } from './operation.ts';
import { recordOperations } from './records.ts';
import { shardOperations } from './shards.ts';
import { streamOperations } from './streams.ts';

/** Every operation that is served, by its name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...streamOperations, ...shardOperations, ...recordOperations }),
);
