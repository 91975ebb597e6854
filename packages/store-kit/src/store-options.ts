import type { Clock, Logger, StoreTable } from '@highwater/model';
import type { StoreMetrics } from './store-metrics.ts';

/** How a program writes to a table, whatever the engine. */
export interface StoreOptions {
  readonly table: StoreTable;
  /** Create what is missing; otherwise a missing table is an error. */
  readonly mayCreate: boolean;
  /** How long the table keeps rows, by their time, if it is made by us. */
  readonly retentionDays: number;
  /** Requests, or connections, in use at the same time. */
  readonly requestsInFlightMax: number;
  /** How long one attempt may take before it is retried. */
  readonly requestTimeoutMs: number;
  /** How long a request is retried before the store gives up. */
  readonly giveUpAfterMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: StoreMetrics;
  /** For the jitter of retries, from 0 to below 1. */
  readonly random: () => number;
  /** Ends the opening; later calls have their own. */
  readonly signal: AbortSignal;
}

/** How a program reads, whatever the engine. */
export interface ReaderOptions {
  /** Queries, or connections, in use at the same time. */
  readonly requestsInFlightMax: number;
  /** How long the engine may take to answer. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}
