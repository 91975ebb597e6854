import type { Column, MeasureKind } from './catalog-types.ts';
import {
  statement,
  type AppendChange,
  type AppendedColumn,
  type AppendedValue,
  type Change,
} from './change.ts';
import type { IncomingRecord } from './incoming-record.ts';
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

/** The changes of one group of requests to one table, collected first and written as a whole. */
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

  /** Everything that it changes, in order. */
  changes(): readonly Change[] {
    return [
      ...this.#addedColumns(),
      ...this.#addedSeries(),
      ...this.#deletedRows(),
      this.#appendedRows(),
    ];
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

  #addedColumns(): readonly Change[] {
    const { info, rowsTable, seriesTable } = this.table;
    const columns = this.#newColumns.flatMap(({ name, role, type, physical }) => {
      const target = role === 'dimension' ? seriesTable : rowsTable;
      return [
        statement(`ALTER TABLE ${target} ADD COLUMN ${physical} ${physicalTypes[type]}`),
        statement('INSERT INTO hw_columns VALUES ($1, $2, $3, $4, $5, $6)', [
          info.id,
          slotOf({ physical }),
          name,
          role,
          type,
          physical,
        ]),
      ];
    });
    if (this.#newMeasures.length === 0) return columns;
    const measures = append('hw_measures', [
      { type: 'INTEGER', values: this.#newMeasures.map(() => info.id) },
      { type: 'VARCHAR', values: this.#newMeasures.map(([name]) => name) },
      { type: 'VARCHAR', values: this.#newMeasures.map(([, kind]) => kind) },
    ]);
    return [...columns, measures];
  }

  #addedSeries(): readonly Change[] {
    const added = this.writing.series.takeAdded();
    if (added.length === 0) return [];
    const values = added.map(({ dimensions }) => new Map(dimensions));
    const columns: readonly AppendedColumn[] = [
      { type: 'INTEGER', values: added.map(({ id }) => id) },
      { type: 'VARCHAR', values: added.map(({ measureName }) => measureName) },
      { type: 'BIGINT', values: added.map(({ digest }) => digest.high) },
      { type: 'BIGINT', values: added.map(({ digest }) => digest.low) },
      ...this.table.columnsOf('dimension').map(({ name }): AppendedColumn => ({
        type: 'VARCHAR',
        values: values.map((dimensions) => dimensions.get(name) ?? null),
      })),
    ];
    return [append(this.table.seriesTable, columns)];
  }

  #deletedRows(): readonly Change[] {
    if (this.#deletes.length === 0) return [];
    const columns: readonly AppendedColumn[] = [
      { type: 'INTEGER', values: this.#deletes.map(({ series }) => series) },
      { type: 'BIGINT', values: this.#deletes.map(({ record }) => record.timeNs) },
    ];
    return [
      statement('CREATE TEMP TABLE IF NOT EXISTS replaced (series INTEGER, "time" BIGINT)'),
      { ...append('replaced', columns), isTemporary: true },
      statement(
        `DELETE FROM ${this.table.rowsTable} AS r USING replaced AS o
         WHERE r.series = o.series AND r."time" = o."time"`,
      ),
      statement('DELETE FROM replaced'),
    ];
  }

  #appendedRows(): Change {
    const columns = [...this.table.columnsOf('single'), ...this.table.columnsOf('multi')].toSorted(
      (a, b) => slotOf(a) - slotOf(b),
    );
    const slots = new Map(columns.map(({ name }, slot) => [name, slot]));
    const values = columns.map(() =>
      Array.from<AppendedValue>({ length: this.#rows.length }).fill(null),
    );
    for (const [row, { record }] of this.#rows.entries()) {
      for (const { column, value } of record.values) {
        const of = values[slots.get(column) ?? 0];
        if (of) of[row] = value;
      }
    }
    const records = this.#rows.map(({ record }) => record);
    return append(this.table.rowsTable, [
      { type: 'INTEGER', values: this.#rows.map(({ series }) => series) },
      { type: 'BIGINT', values: records.map(({ timeNs }) => timeNs) },
      { type: 'BIGINT', values: records.map(({ version }) => version) },
      {
        type: 'BIGINT',
        values: records.map((record) => (hasStoredFingerprint(record) ? record.fingerprint : null)),
      },
      ...columns.map(({ type }, slot): AppendedColumn => ({
        type: physicalTypes[type],
        values: values[slot] ?? [],
      })),
    ]);
  }
}

function append(table: string, columns: readonly AppendedColumn[]): AppendChange {
  return { kind: 'append', table, isTemporary: false, columns };
}

/** Index of a column among the columns of its physical table, from 0. */
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
