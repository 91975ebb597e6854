import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

/** How a value of a column is appended. */
export type AppendedType = 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'VARCHAR' | 'BOOLEAN';

export type AppendedValue = bigint | number | string | boolean | null;

/** A column of the rows that are appended, in the order of the physical table. */
export interface AppendedColumn {
  readonly type: AppendedType;
  /** As many as there are rows. */
  readonly values: readonly AppendedValue[];
}

/** Runs a statement. */
export interface StatementChange {
  readonly kind: 'statement';
  readonly sql: string;
  /** For `$1`, `$2`, … */
  readonly values?: readonly (string | number)[];
}

/** Appends rows to a table. */
export interface AppendChange {
  readonly kind: 'append';
  readonly table: string;
  readonly isTemporary: boolean;
  readonly columns: readonly AppendedColumn[];
}

/**
 * One step of a change of the database. It contains everything needed to repeat the change, so a
 * replica that receives all changes in order has the same rows. It can be sent to another process.
 */
export type Change = StatementChange | AppendChange;

/** A change that runs a statement; `values` are the values of `$1`, `$2`, … */
export function statement(sql: string, values?: readonly (string | number)[]): StatementChange {
  return { kind: 'statement', sql, ...(values === undefined ? {} : { values }) };
}

/** Makes changes in one transaction: all of them, or none. */
export async function commit(
  connection: DuckDBConnection,
  changes: readonly Change[],
): Promise<void> {
  await connection.run('BEGIN');
  try {
    for (const change of changes) await perform(connection, change);
    await connection.run('COMMIT');
  } catch (error) {
    // A rollback fails when the transaction has already ended. The first error is the relevant one.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function perform(connection: DuckDBConnection, change: Change): Promise<void> {
  if (change.kind === 'statement') {
    const { sql, values } = change;
    await (values === undefined ? connection.run(sql) : connection.run(sql, [...values]));
    return;
  }
  const { table, isTemporary, columns } = change;
  const appender = isTemporary
    ? await connection.createAppender(table, 'main', 'temp')
    : await connection.createAppender(table);
  const rows = columns[0]?.values.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    for (const { type, values } of columns) appendValue(appender, type, values[row] ?? null);
    appender.endRow();
  }
  appender.closeSync();
}

function appendValue(appender: DuckDBAppender, type: AppendedType, value: AppendedValue): void {
  if (value === null) {
    appender.appendNull();
    return;
  }
  switch (type) {
    case 'INTEGER':
      appender.appendInteger(Number(value));
      return;
    case 'DOUBLE':
      appender.appendDouble(Number(value));
      return;
    case 'BIGINT':
      appender.appendBigInt(BigInt(value));
      return;
    case 'VARCHAR':
      appender.appendVarchar(String(value));
      return;
    case 'BOOLEAN':
      appender.appendBoolean(value === true);
      return;
  }
}
