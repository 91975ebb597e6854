export { inspectStore, openReader, openStore, type StorePorts } from './open-store.ts';
export { readerConfig, storeConfig, type ReaderConfig, type StoreConfig } from './store-config.ts';
export { timestreamTable } from './timestream-table.ts';
