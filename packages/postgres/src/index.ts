export type { PostgresAddress } from './address.ts';
export { openPostgresReader } from './open-postgres-reader.ts';
export { openPostgresStore } from './open-postgres-store.ts';
