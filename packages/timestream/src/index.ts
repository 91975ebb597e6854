export { asTimestreamError } from './classify-failure.ts';
export { timestreamConfig } from './config.ts';
export { openTimestreamStore, type TimestreamStoreOptions } from './open-timestream-store.ts';
export { createSdkWriteApi, type WriteApi } from './write-api.ts';
