import type { Row } from './row.ts';
import type { StoreTable } from './store.ts';

/** A range of event time, both ends included, in ms since the Unix epoch. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A span of event time, `[startMs, endMs)`, in ms since the Unix epoch. Rows have nanoseconds. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Dimension to values: a series must have one of the values of every dimension that is named. */
export type DimensionFilters = Readonly<Record<string, readonly string[]>>;

/** Which series a question is about. */
export interface SeriesChoice extends TimeRange {
  /** Empty for all. */
  readonly measures: readonly string[];
  readonly filters: DimensionFilters;
}

/** A question about the points or rows of one measure. */
export interface MeasureChoice extends TimeRange {
  readonly measure: string;
  readonly filters: DimensionFilters;
  /** Answers are told apart by the value of this dimension; absent for one group of all series. */
  readonly by?: string | undefined;
}

/** How much a caller wants, and until when. */
export interface ReadLimits {
  readonly rowsMax: number;
  readonly signal: AbortSignal;
}

/** Rows of an answer. */
export interface Answer<Item> {
  readonly items: readonly Item[];
  /** There were more than `rowsMax`. */
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
}

/** A measure that has rows in a range. */
export interface MeasureSummary {
  readonly name: string;
  /**
   * Only numbers can be drawn. A measure with values of other types beside its numbers may be either:
   * an engine need not look at more than the newest row of each series.
   */
  readonly isNumber: boolean;
  /** Rows of a view, one per window. */
  readonly isView: boolean;
}

/** One stored number. */
export interface StoredPoint {
  /** Value of the dimension `by`; empty without one. */
  readonly group: string;
  readonly timeMs: number;
  readonly value: number;
}

/** The points of one group in one bin. Bins begin at multiples of their width since the epoch. */
export interface PointsBin {
  readonly group: string;
  readonly startMs: number;
  readonly pointsCount: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** The rows of one group and window. */
export interface WindowSummary {
  readonly group: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly rowsCount: number;
  /** How many of the rows were filled in, not computed from points. */
  readonly filledCount: number;
}

/** A stored value that late points changed. */
export interface StoredCorrection {
  readonly measure: string;
  /** Those of the series, without the bounds of the window. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** Arrival of the newest point in the corrected value. */
  readonly knownAtMs: number;
  readonly from: number;
  readonly to: number;
  /** Points in the window after the correction. */
  readonly points: number;
  readonly added: number;
  /** Added points that arrived after the end of the window. */
  readonly late: number;
  /** From the end of the window to the arrival of the latest point. */
  readonly lateByMs: number;
}

/** Corrections of windows that touch a range, or those that became known in it; newest first. */
export interface CorrectionsChoice extends SeriesChoice {
  readonly order: 'window' | 'arrival';
}

/** One column of a statement's result. */
export interface ResultColumn {
  readonly name: string;
  /** As the engine names it. */
  readonly type: string;
}

/** A row with everything that it was written with. */
export interface StoredRow extends Omit<Row, 'version'> {
  /** Undefined when the engine does not return it. */
  readonly version: number | undefined;
}

/** How many rows are read at once. */
export interface BatchLimits {
  readonly batchRowsMax: number;
  readonly signal: AbortSignal;
}

/** The rows in a span of time. */
export interface RowsSummary {
  readonly rowsCount: number;
  /** Times of the oldest and the newest row, rounded down to ms; undefined when there is no row. */
  readonly oldestMs: number | undefined;
  readonly newestMs: number | undefined;
}

/** The result of a statement that a person wrote. Values are text as the engine shows them. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly isTruncated: boolean;
  readonly elapsedMs: number;
  /** Absent when the engine does not say. */
  readonly bytesScanned?: number | undefined;
}

/** A statement to start from, in the engine's own SQL, over the rows as they are stored. */
export interface ExampleStatement {
  readonly title: string;
  readonly statement: string;
}

/**
 * The reading side of a store. Every answer holds the highest version of each row, whatever the engine
 * keeps. Numbers are doubles. `points`, `bins`, and `windows` leave out rows whose value is not a number.
 *
 * Each method throws `QueryRefusedError` when the engine refuses a statement, and
 * `StoreUnavailableError` when it does not answer in time.
 */
export interface RowReader extends AsyncDisposable {
  /** The engine as people call it, for example `PostgreSQL`. */
  readonly engine: string;

  /** Names of dimensions of raw points and view rows, sorted, without the bounds of windows. */
  dimensions(signal: AbortSignal): Promise<readonly string[]>;

  /** Measures with rows in a range, by name. */
  measures(range: TimeRange, limits: ReadLimits): Promise<Answer<MeasureSummary>>;

  /**
   * The values of a dimension in the rows of a choice, numbers or not, sorted. They are not counted:
   * that would take as long as reading all rows.
   *
   * @param search part of the value, case ignored; empty for all
   */
  dimensionValues(
    dimension: string,
    choice: SeriesChoice,
    search: string,
    limits: ReadLimits,
  ): Promise<Answer<string>>;

  /** Each point, in order of time. */
  points(choice: MeasureChoice, limits: ReadLimits): Promise<Answer<StoredPoint>>;

  /** Bins with at least one point, in order of time. */
  bins(choice: MeasureChoice, binMs: number, limits: ReadLimits): Promise<Answer<PointsBin>>;

  /** Windows of a view's measure that touch the range, in order of their start. */
  windows(choice: MeasureChoice, limits: ReadLimits): Promise<Answer<WindowSummary>>;

  /** @returns undefined while the store has no table of corrections */
  corrections(
    choice: CorrectionsChoice,
    limits: ReadLimits,
  ): Promise<Answer<StoredCorrection> | undefined>;

  /**
   * Every row of a table in a span of time, in any order and in bounded batches, with all that
   * `Store.write` needs to write the same row to another store. Rows that are not in the form of a
   * `Row`, because another program wrote them, are left out, but `summarize` counts them.
   *
   * Nothing is read before the first batch is asked for. Whoever stops early ends the iteration.
   */
  rows(table: StoreTable, span: TimeSpan, limits: BatchLimits): AsyncIterable<readonly StoredRow[]>;

  /** Counts the rows of a table in a span of time, each at its highest version only. */
  summarize(table: StoreTable, span: TimeSpan, signal: AbortSignal): Promise<RowsSummary>;

  /** Runs one statement that reads. The role of the connection is the fence; this checks as well. */
  query(statement: string, limits: ReadLimits): Promise<QueryResult>;

  /** Statements that run as they are against this store. */
  examples(): readonly ExampleStatement[];
}
