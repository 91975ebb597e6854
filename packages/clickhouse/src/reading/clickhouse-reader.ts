import type {
  Answer,
  BatchLimits,
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
import { QueryRefusedError, readingStatement } from '@highwater/store-kit';
import { ClickHouseError as EngineError } from '@clickhouse/client';
import { parseTabSeparated } from '../parse-tab-separated.ts';
import { literal, literals } from '../sql-text.ts';
import { tableLayout, type TableLayout } from '../table-layout.ts';
import { examples } from './examples.ts';
import { readCorrections } from './read-corrections.ts';
import {
  readBins,
  readDimensionValues,
  readMeasures,
  readPoints,
  type ReadTables,
} from './read-rows.ts';
import { readWindows } from './read-windows.ts';
import { refuseDescription } from './refuse-description.ts';
import type { ReadingSession } from './reading-session.ts';
import { readStoredRows, summarizeRows } from './stored-rows.ts';

const nothing = { items: [], isTruncated: false, elapsedMs: 0 };

/**
 * The reading side of ClickHouse. It reads with `FINAL`, so that versions that are not merged yet are
 * not seen. A table that does not exist yet has no rows.
 */
export class ClickhouseReader implements RowReader {
  readonly engine = 'ClickHouse';
  readonly #session: ReadingSession;
  readonly #database: string;
  readonly #known = new Set<StoreTable>();

  constructor(session: ReadingSession, database: string) {
    this.#session = session;
    this.#database = database;
  }

  async dimensions(signal: AbortSignal): Promise<readonly string[]> {
    const layouts = await this.#find(['raw', 'views'], signal);
    const names = new Set<string>();
    for (const { series } of layouts) {
      const statement = `SELECT arrayJoin(groupUniqArrayArray(mapKeys(dimensions))) FROM ${series}`;
      const { value } = await this.#session.rows(statement, signal);
      for (const [name] of value) names.add(String(name));
    }
    return [...names].toSorted();
  }

  measures(range: TimeRange, limits: ReadLimits) {
    return this.#ofRows(limits, (tables) => readMeasures(tables, range, limits));
  }

  dimensionValues(dimension: string, choice: SeriesChoice, search: string, limits: ReadLimits) {
    return this.#ofRows(limits, (tables) =>
      readDimensionValues(tables, dimension, choice, { ...limits, search }),
    );
  }

  points(choice: MeasureChoice, limits: ReadLimits) {
    return this.#ofRows(limits, (tables) => readPoints(tables, choice, limits));
  }

  bins(choice: MeasureChoice, binMs: number, limits: ReadLimits) {
    return this.#ofRows(limits, (tables) => readBins(tables, choice, binMs, limits));
  }

  async windows(choice: MeasureChoice, limits: ReadLimits) {
    const [layout] = await this.#find(['views'], limits.signal);
    return layout ? readWindows(this.#session, layout, choice, limits) : nothing;
  }

  async corrections(choice: CorrectionsChoice, limits: ReadLimits) {
    const [layout] = await this.#find(['corrections'], limits.signal);
    return layout && readCorrections(this.#session, layout, choice, limits);
  }

  async *rows(
    table: StoreTable,
    span: TimeSpan,
    limits: BatchLimits,
  ): AsyncGenerator<readonly StoredRow[]> {
    const [layout] = await this.#find([table], limits.signal);
    if (layout) yield* readStoredRows(this.#session, layout, span, limits);
  }

  async summarize(table: StoreTable, span: TimeSpan, signal: AbortSignal): Promise<RowsSummary> {
    const [layout] = await this.#find([table], signal);
    if (layout) return summarizeRows(this.#session, layout, span, signal);
    return { rowsCount: 0, oldestMs: undefined, newestMs: undefined };
  }

  async query(statement: string, { rowsMax, signal }: ReadLimits): Promise<QueryResult> {
    const reading = readingStatement(statement);
    refuseDescription(reading);
    const read = await this.#session.text(reading, rowsMax + 1, signal);
    const [names = [], types = [], ...rows] = parseTabSeparated(read.value);
    return {
      columns: names.map((name, index) => ({ name: name ?? '', type: types[index] ?? '' })),
      rows: rows.slice(0, rowsMax),
      isTruncated: rows.length > rowsMax,
      elapsedMs: read.elapsedMs,
      bytesScanned: read.bytesRead,
    };
  }

  examples(): readonly ExampleStatement[] {
    return examples;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session[Symbol.asyncDispose]();
  }

  async #ofRows<Item>(
    { signal }: ReadLimits,
    read: (tables: ReadTables) => Promise<Answer<Item>>,
  ): Promise<Answer<Item>> {
    const layouts = await this.#find(['raw', 'views'], signal);
    return layouts.length > 0 ? read({ session: this.#session, layouts }) : nothing;
  }

  /** The tables that there are; one that was seen is not looked for again. */
  async #find(wanted: readonly StoreTable[], signal: AbortSignal): Promise<readonly TableLayout[]> {
    const missing = wanted.filter((table) => !this.#known.has(table));
    if (missing.length > 0) {
      for (const table of await this.#present(missing, signal)) this.#known.add(table);
    }
    return wanted
      .filter((table) => this.#known.has(table))
      .map((table) => tableLayout(this.#database, table));
  }

  async #present(
    tables: readonly StoreTable[],
    signal: AbortSignal,
  ): Promise<readonly StoreTable[]> {
    const statement = `SELECT name FROM system.tables
      WHERE database = ${literal(this.#database)} AND name IN ${literals(tables)}`;
    try {
      const { value } = await this.#session.rows(statement, signal);
      const names = new Set(value.map(([name]) => name));
      return tables.filter((table) => names.has(table));
    } catch (error) {
      if (isUnknownDatabase(error)) return [];
      throw error;
    }
  }
}

function isUnknownDatabase(error: unknown): boolean {
  const cause = error instanceof QueryRefusedError ? error.cause : undefined;
  return cause instanceof EngineError && cause.type === 'UNKNOWN_DATABASE';
}
