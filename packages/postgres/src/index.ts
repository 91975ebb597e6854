export type { PostgresAddress } from './address.ts';
export { inspectPostgresStore } from './inspect-postgres-store.ts';
export { openPostgresReader } from './open-postgres-reader.ts';
export { openPostgresStore } from './open-postgres-store.ts';
