export { asTimestreamError } from './classify-failure.ts';
export { openTimestreamReader } from './reading/timestream-reader.ts';
export { openTimestreamStore } from './open-timestream-store.ts';
export type { TimestreamTable } from './timestream-table.ts';
export { createSdkWriteApi, type WriteApi } from './write-api.ts';
