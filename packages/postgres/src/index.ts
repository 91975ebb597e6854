export type { PostgresAddress } from './address.ts';
export { openPostgresStore } from './open-postgres-store.ts';
