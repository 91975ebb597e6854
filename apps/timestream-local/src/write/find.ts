import { ApiError } from '../http/api-error.ts';
import type { Catalog } from '../store/catalog.ts';
import type { DatabaseInfo } from '../store/catalog-types.ts';
import type { TableState } from '../store/table-state.ts';

/** @throws {ApiError} ResourceNotFoundException */
export function findDatabase(catalog: Catalog, name: string): DatabaseInfo {
  const database = catalog.database(name);
  if (database) return database;
  throw new ApiError('ResourceNotFoundException', `The database ${name} does not exist.`);
}

/** @throws {ApiError} ResourceNotFoundException for the database or the table */
export function findTable(catalog: Catalog, databaseName: string, name: string): TableState {
  findDatabase(catalog, databaseName);
  const table = catalog.table(databaseName, name);
  if (table) return table;
  throw new ApiError('ResourceNotFoundException', `The table ${name} does not exist.`);
}
