export { asTimestreamError } from './classify-failure.ts';
export { timestreamConfig, type TimestreamConfig } from './config.ts';
export { TimestreamError } from './errors.ts';
export { defineStoreMetrics, type StoreMetrics } from './metrics.ts';
export { openTimestreamStore, type TimestreamStoreOptions } from './open-timestream-store.ts';
export { createSdkWriteApi, type WriteApi } from './write-api.ts';
