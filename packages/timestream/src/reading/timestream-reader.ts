import type {
  Answer,
  BatchLimits,
  Clock,
  CorrectionsChoice,
  ExampleStatement,
  MeasureChoice,
  QueryResult,
  ReadLimits,
  RowReader,
  RowsSummary,
  SeriesChoice,
  StoredRow,
  StoreTable,
  TimeRange,
  TimeSpan,
} from '@highwater/model';
import { readingStatement } from '@highwater/store-kit';
import { examplesFor } from './examples.ts';
import { createSdkQueryApi, type QueryApi, type QueryApiOptions } from './query-api.ts';
import { readCorrections } from './read-corrections.ts';
import {
  readBins,
  readDimensionValues,
  readMeasures,
  readPoints,
  type ReadTable,
} from './read-rows.ts';
import { noRows, readStoredRows, summarizeRows } from './read-stored-rows.ts';
import { readWindows } from './read-windows.ts';
import { Tables, type TableNames } from './table-columns.ts';

/** Where the tables are. */
export interface TimestreamReaderOptions extends QueryApiOptions {
  readonly names: TableNames;
}

/** Reads the tables of a Timestream database. */
export function openTimestreamReader({ names, ...options }: TimestreamReaderOptions): RowReader {
  const api = createSdkQueryApi(options);
  return new TimestreamReader(api, names, options.clock);
}

/** The reading side of Timestream. A table that does not exist yet has no rows. */
export class TimestreamReader implements RowReader {
  readonly engine = 'Timestream';
  readonly #api: QueryApi & Partial<Disposable>;
  readonly #tables: Tables;

  constructor(api: QueryApi & Partial<Disposable>, names: TableNames, clock: Clock) {
    this.#api = api;
    this.#tables = new Tables(api, names, clock);
  }

  async dimensions(signal: AbortSignal) {
    const columns = await this.#tables.columns(this.#tables.rows, signal);
    return columns?.dimensions ?? [];
  }

  measures(range: TimeRange, limits: ReadLimits) {
    return this.#ofRows(limits, (rows) => readMeasures(rows, range, limits));
  }

  dimensionValues(dimension: string, choice: SeriesChoice, search: string, limits: ReadLimits) {
    return this.#ofRows(limits, (rows) =>
      readDimensionValues(rows, dimension, choice, search, limits),
    );
  }

  points(choice: MeasureChoice, limits: ReadLimits) {
    return this.#ofRows(limits, (rows) => readPoints(rows, choice, limits));
  }

  bins(choice: MeasureChoice, binMs: number, limits: ReadLimits) {
    return this.#ofRows(limits, (rows) => readBins(rows, choice, binMs, limits));
  }

  windows(choice: MeasureChoice, limits: ReadLimits) {
    return this.#ofRows(limits, (rows) => readWindows(rows, choice, limits));
  }

  async corrections(choice: CorrectionsChoice, limits: ReadLimits) {
    const found = await this.#find(this.#tables.corrections, limits.signal);
    return found && readCorrections(found, choice, limits);
  }

  async *rows(
    table: StoreTable,
    span: TimeSpan,
    limits: BatchLimits,
  ): AsyncGenerator<readonly StoredRow[]> {
    const found = await this.#findNewest(table, limits.signal);
    if (found) yield* readStoredRows(found, { kind: table, span }, limits);
  }

  async summarize(table: StoreTable, span: TimeSpan, signal: AbortSignal): Promise<RowsSummary> {
    const found = await this.#findNewest(table, signal);
    return found ? summarizeRows(found, { kind: table, span }, signal) : noRows;
  }

  async query(statement: string, limits: ReadLimits): Promise<QueryResult> {
    return this.#api.query(readingStatement(statement), limits);
  }

  examples(): readonly ExampleStatement[] {
    return examplesFor(this.#tables);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#api[Symbol.dispose]?.();
  }

  async #ofRows<Item>(
    { signal }: ReadLimits,
    read: (table: ReadTable) => Promise<Answer<Item>>,
  ): Promise<Answer<Item>> {
    const found = await this.#find(this.#tables.rows, signal);
    return found ? read(found) : { items: [], isTruncated: false, elapsedMs: 0 };
  }

  /** With every column that a row can have. */
  async #findNewest(table: StoreTable, signal: AbortSignal): Promise<ReadTable | undefined> {
    const name = table === 'corrections' ? this.#tables.corrections : this.#tables.rows;
    const columns = await this.#tables.newestColumns(name, signal);
    return columns && { api: this.#api, table: name, columns };
  }

  async #find(table: string, signal: AbortSignal): Promise<ReadTable | undefined> {
    const columns = await this.#tables.columns(table, signal);
    return columns && { api: this.#api, table, columns };
  }
}
