export { inspectStore, openReader, openStore, type StorePorts } from './open-store.ts';
export { readerConfig, storeConfig } from './store-config.ts';
export { timestreamTable } from './timestream-table.ts';
