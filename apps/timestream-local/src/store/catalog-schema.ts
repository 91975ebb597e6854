/** Our own tables in the file. A change of any of them needs another `schemaVersion`. */
export const schemaVersion = 2;

export const createCatalog: readonly string[] = [
  'CREATE TABLE hw_meta (schema_version INTEGER, next_table_id INTEGER)',
  `INSERT INTO hw_meta VALUES (${schemaVersion}, 1)`,
  'CREATE TABLE hw_databases (name VARCHAR, doc VARCHAR)',
  'CREATE TABLE hw_tables (id INTEGER, doc VARCHAR)',
  'CREATE TABLE hw_columns (table_id INTEGER, ordinal BIGINT, name VARCHAR, role VARCHAR, type VARCHAR, physical VARCHAR)',
  'CREATE TABLE hw_measures (table_id INTEGER, name VARCHAR, kind VARCHAR)',
  'CREATE TABLE hw_tags (arn VARCHAR, doc VARCHAR)',
];

/** The two tables behind each table of the API. Value and dimension columns come as they occur. */
export function createTable(id: number): readonly string[] {
  return [
    `CREATE TABLE series_${id} (id INTEGER, measure_name VARCHAR, digest_high BIGINT, digest_low BIGINT)`,
    `CREATE TABLE rows_${id} (series INTEGER, "time" BIGINT, version BIGINT, fingerprint BIGINT)`,
  ];
}

/** The statements that remove a table and all that is known of it. */
export function dropTable(id: number): readonly string[] {
  return [
    `DROP TABLE series_${id}`,
    `DROP TABLE rows_${id}`,
    `DELETE FROM hw_tables WHERE id = ${id}`,
    `DELETE FROM hw_columns WHERE table_id = ${id}`,
    `DELETE FROM hw_measures WHERE table_id = ${id}`,
  ];
}
