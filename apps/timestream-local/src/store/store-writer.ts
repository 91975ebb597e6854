import type { DuckDBConnection } from '@duckdb/node-api';
import type { Change } from './change.ts';

/** What a task that has the store alone reads and writes with. */
export interface StoreWriter {
  /** For reading. */
  readonly connection: DuckDBConnection;
  /** Makes changes durable, all or none, and tells them to the store's replicas. */
  readonly commit: (changes: readonly Change[]) => Promise<void>;
}
