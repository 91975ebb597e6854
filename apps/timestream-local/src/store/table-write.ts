import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Column, MeasureKind } from './catalog-types.ts';
import type { IncomingRecord, IncomingValue } from './incoming-record.ts';
import type { TableState, TableWriting } from './table-state.ts';

interface PendingRow {
  readonly series: number;
  record: IncomingRecord;
}

/** How DuckDB stores each type. Times are nanoseconds since the epoch. */
export const physicalTypes = {
  DOUBLE: 'DOUBLE',
  BIGINT: 'BIGINT',
  VARCHAR: 'VARCHAR',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'BIGINT',
} as const;

/** What one group of requests changes in one table, collected first and written as a whole. */
export class TableWrite {
  readonly table: TableState;
  readonly writing: TableWriting;
  readonly #rows: PendingRow[] = [];
  /** Position in `#rows` by series and time; built only once a group replaces anything. */
  #positions: Map<string, number> | undefined;
  readonly #deletes: PendingRow[] = [];
  readonly #newColumns: Column[] = [];
  readonly #newMeasures: [name: string, kind: MeasureKind][] = [];

  constructor(table: TableState, writing: TableWriting) {
    this.table = table;
    this.writing = writing;
  }

  get hasChanges(): boolean {
    return this.#rows.length > 0;
  }

  insert(series: number, record: IncomingRecord): void {
    this.#learn(record);
    this.#positions?.set(positionKey(series, record.timeNs), this.#rows.length);
    this.#rows.push({ series, record });
  }

  /** Takes the place of a row of the file, or of one of this same group. */
  replace(series: number, record: IncomingRecord): void {
    this.#positions ??= new Map(
      this.#rows.map((row, at) => [positionKey(row.series, row.record.timeNs), at]),
    );
    const own = this.#rows[this.#positions.get(positionKey(series, record.timeNs)) ?? -1];
    if (own) {
      this.#learn(record);
      own.record = record;
      return;
    }
    this.#deletes.push({ series, record });
    this.insert(series, record);
  }

  /** Writes everything; the caller begins and commits. */
  async apply(connection: DuckDBConnection): Promise<void> {
    await this.#addColumns(connection);
    await this.#addSeries(connection);
    await this.#deleteReplaced(connection);
    await this.#appendRows(connection);
  }

  #learn({ dimensions, values, measureName, kind }: IncomingRecord): void {
    const { table } = this;
    for (const [name] of dimensions) {
      if (!table.columns.has(name)) {
        this.#newColumns.push(table.addColumn(name, 'dimension', 'VARCHAR'));
      }
    }
    for (const { column, type } of values) {
      if (!table.columns.has(column)) {
        const role = kind === 'MULTI' ? 'multi' : 'single';
        this.#newColumns.push(table.addColumn(column, role, type));
      }
    }
    if (!table.measures.has(measureName)) {
      table.measures.set(measureName, kind);
      this.#newMeasures.push([measureName, kind]);
    }
  }

  async #addColumns(connection: DuckDBConnection): Promise<void> {
    const { info, rowsTable, seriesTable } = this.table;
    for (const { name, role, type, physical } of this.#newColumns) {
      const target = role === 'dimension' ? seriesTable : rowsTable;
      await connection.run(`ALTER TABLE ${target} ADD COLUMN ${physical} ${physicalTypes[type]}`);
      await connection.run('INSERT INTO hw_columns VALUES ($1, $2, $3, $4, $5, $6)', [
        info.id,
        slotOf({ physical }),
        name,
        role,
        type,
        physical,
      ]);
    }
    await this.#addMeasures(connection);
  }

  async #addMeasures(connection: DuckDBConnection): Promise<void> {
    if (this.#newMeasures.length === 0) return;
    const appender = await connection.createAppender('hw_measures');
    for (const [name, kind] of this.#newMeasures) {
      appender.appendInteger(this.table.info.id);
      appender.appendVarchar(name);
      appender.appendVarchar(kind);
      appender.endRow();
    }
    appender.closeSync();
  }

  async #addSeries(connection: DuckDBConnection): Promise<void> {
    const added = this.writing.series.takeAdded();
    if (added.length === 0) return;
    const columns = this.table.columnsOf('dimension');
    const appender = await connection.createAppender(this.table.seriesTable);
    for (const { id, measureName, dimensions, digest } of added) {
      const values = new Map(dimensions);
      appender.appendInteger(id);
      appender.appendVarchar(measureName);
      appender.appendBigInt(digest.high);
      appender.appendBigInt(digest.low);
      for (const { name } of columns) {
        const value = values.get(name);
        if (value === undefined) appender.appendNull();
        else appender.appendVarchar(value);
      }
      appender.endRow();
    }
    appender.closeSync();
  }

  async #deleteReplaced(connection: DuckDBConnection): Promise<void> {
    if (this.#deletes.length === 0) return;
    await connection.run(
      'CREATE TEMP TABLE IF NOT EXISTS replaced (series INTEGER, "time" BIGINT)',
    );
    const appender = await connection.createAppender('replaced', 'main', 'temp');
    for (const { series, record } of this.#deletes) {
      appender.appendInteger(series);
      appender.appendBigInt(record.timeNs);
      appender.endRow();
    }
    appender.closeSync();
    const { rowsTable } = this.table;
    await connection.run(
      `DELETE FROM ${rowsTable} AS r USING replaced AS o
       WHERE r.series = o.series AND r."time" = o."time"`,
    );
    await connection.run('DELETE FROM replaced');
  }

  async #appendRows(connection: DuckDBConnection): Promise<void> {
    const columns = [...this.table.columnsOf('single'), ...this.table.columnsOf('multi')];
    const slots = new Map(columns.map((column) => [column.name, slotOf(column)]));
    const appender = await connection.createAppender(this.table.rowsTable);
    const bySlot: (IncomingValue | undefined)[] = Array.from({ length: columns.length });
    for (const { series, record } of this.#rows) {
      bySlot.fill(undefined);
      for (const value of record.values) bySlot[slots.get(value.column) ?? 0] = value;
      appender.appendInteger(series);
      appender.appendBigInt(record.timeNs);
      appender.appendBigInt(record.version);
      if (hasStoredFingerprint(record)) appender.appendBigInt(record.fingerprint);
      else appender.appendNull();
      for (const value of bySlot) appendValue(appender, value);
      appender.endRow();
    }
    appender.closeSync();
  }
}

/** Where a column lies among those of its physical table, from 0. */
function slotOf({ physical }: Pick<Column, 'physical'>): number {
  return Number(physical.slice(1));
}

function positionKey(series: number, timeNs: bigint): string {
  return `${series}:${timeNs}`;
}

/** A number is its own fingerprint. */
function hasStoredFingerprint({ kind }: IncomingRecord): boolean {
  return kind === 'VARCHAR' || kind === 'MULTI';
}

function appendValue(appender: DuckDBAppender, value: IncomingValue | undefined): void {
  switch (value?.type) {
    case undefined:
      appender.appendNull();
      return;
    case 'DOUBLE':
      appender.appendDouble(value.value as number);
      return;
    case 'BIGINT':
    case 'TIMESTAMP':
      appender.appendBigInt(value.value as bigint);
      return;
    case 'VARCHAR':
      appender.appendVarchar(value.value as string);
      return;
    case 'BOOLEAN':
      appender.appendBoolean(value.value as boolean);
      return;
  }
}
