export type { ClickhouseLogin } from './clickhouse-login.ts';
export { ClickhouseError } from './errors.ts';
export { openClickhouseReader } from './reading/open-clickhouse-reader.ts';
export { openClickhouseStore } from './open-clickhouse-store.ts';
