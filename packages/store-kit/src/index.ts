export type { DimensionSet } from './dimension-sets.ts';
export { QueryRefusedError, StoreUnavailableError, type TextPlace } from './errors.ts';
export type { PreparedRow } from './prepared-row.ts';
export { readingStatement } from './reading-statement.ts';
export { defineStoreMetrics, type StoreMetrics } from './store-metrics.ts';
export type { ReaderOptions, StoreOptions } from './store-options.ts';
export { valueAttribute } from './value-attribute.ts';
export { writePrepared, type Settle, type WriteLeaders } from './write-prepared.ts';
