export { removePostgres } from './remove-postgres.ts';
export { startPostgres, type PostgresServer } from './start-postgres.ts';
