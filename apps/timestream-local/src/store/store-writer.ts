import type { DuckDBConnection } from '@duckdb/node-api';
import type { Change } from './change.ts';

/** The interface for a task that has exclusive access to the store. */
export interface StoreWriter {
  /** For reading. */
  readonly connection: DuckDBConnection;
  /** Makes changes durable, all or none, and sends them to the store's replicas. */
  readonly commit: (changes: readonly Change[]) => Promise<void>;
}
