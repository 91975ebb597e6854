import type { Clock } from '@highwater/model';
import { QueryRefusedError } from '@highwater/store-kit';
import type { QueryApi } from './query-api.ts';
import { identifier } from './sql-text.ts';

/** The columns of a table. */
export interface TableColumns {
  /** Columns that distinguish series, without the bounds of windows. */
  readonly dimensions: readonly string[];
  /** Value columns of single measures, by type: `measure_value::double`, … */
  readonly valueTypes: ReadonlySet<string>;
  /** Columns of rows with several values, by name, with their types in lower case. */
  readonly attributeTypes: ReadonlyMap<string, string>;
  /** Some rows carry attributes beside their value, as `value` and columns by the attributes' names. */
  readonly hasAttributes: boolean;
  /** View rows say whether they were filled in, in the column `interpolated`. */
  readonly hasFilled: boolean;
  /** The table has view rows. */
  readonly hasWindows: boolean;
}

/** Names as `HW_STORE` and its settings give them. */
export interface TableNames {
  readonly database: string;
  readonly table: string;
  readonly corrections: string;
}

/** New columns appear when the first row with them is written: after so long they are asked for again. */
const columnsTtlMs = 5_000;

const windowColumns = new Set(['window_start', 'window_end']);

/** The tables that are read, with their columns kept for a few seconds. */
export class Tables {
  readonly rows: string;
  readonly corrections: string;
  readonly #api: QueryApi;
  readonly #clock: Clock;
  readonly #columns = new Map<string, { readonly value: TableColumns; readonly atMs: number }>();
  readonly #reading = new Map<string, Promise<TableColumns | undefined>>();

  constructor(api: QueryApi, names: TableNames, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
    this.rows = `${identifier(names.database)}.${identifier(names.table)}`;
    this.corrections = `${identifier(names.database)}.${identifier(names.corrections)}`;
  }

  /** @returns undefined while the table does not exist or has never had a row */
  async columns(table: string, signal: AbortSignal): Promise<TableColumns | undefined> {
    const known = this.#columns.get(table);
    if (known && this.#clock.monotonicMs() - known.atMs < columnsTtlMs) return known.value;
    const reading = this.#reading.get(table) ?? this.#read(table);
    // Older columns still exist. Only a new column may be missing.
    if (known) {
      reading.catch(() => undefined);
      return known.value;
    }
    const value = await reading;
    signal.throwIfAborted();
    return value;
  }

  /** The same, but asked for now: no column is missing. */
  newestColumns(table: string, signal: AbortSignal): Promise<TableColumns | undefined> {
    return this.#readColumns(table, signal);
  }

  /** One request at a time, shared by all that wait for it. */
  #read(table: string): Promise<TableColumns | undefined> {
    const reading = this.#readColumns(table, new AbortController().signal)
      .then((value) => {
        if (value) this.#columns.set(table, { value, atMs: this.#clock.monotonicMs() });
        return value;
      })
      .finally(() => this.#reading.delete(table));
    this.#reading.set(table, reading);
    return reading;
  }

  async #readColumns(table: string, signal: AbortSignal): Promise<TableColumns | undefined> {
    try {
      const { rows } = await this.#api.query(`DESCRIBE ${table}`, { rowsMax: 1_000, signal });
      if (rows.length === 0) return undefined;
      const ofKind = (kind: string) =>
        rows.filter((row) => row[2]?.toUpperCase() === kind).map((row) => row[0] ?? '');
      const dimensions = ofKind('DIMENSION');
      const attributeTypes = new Map(
        rows
          .filter(([, , kind]) => kind?.toUpperCase() === 'MULTI')
          .map(([name, type]) => [name ?? '', type?.toLowerCase() ?? '']),
      );
      return {
        dimensions: dimensions.filter((name) => !windowColumns.has(name)).toSorted(),
        valueTypes: new Set(
          rows.flatMap(([name]) => /^measure_value::(\w+)$/.exec(name ?? '')?.[1] ?? []),
        ),
        attributeTypes,
        hasAttributes: attributeTypes.get('value') === 'double',
        hasFilled: attributeTypes.has('interpolated'),
        hasWindows: dimensions.includes('window_start') && dimensions.includes('window_end'),
      };
    } catch (error) {
      if (error instanceof QueryRefusedError) return undefined;
      throw error;
    }
  }
}
