import {
  parseCorrection,
  type Answer,
  type BatchLimits,
  type CorrectionsChoice,
  type ExampleStatement,
  type MeasureChoice,
  type MeasureSummary,
  type PointsBin,
  type QueryResult,
  type ReadLimits,
  type RowReader,
  type RowsSummary,
  type SeriesChoice,
  type StoredCorrection,
  type StoredPoint,
  type StoredRow,
  type StoreTable,
  type TimeRange,
  type TimeSpan,
  type WindowSummary,
} from '@highwater/model';
import type { Connection, Connections, Statement } from '../connections.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { exampleStatements } from './example-statements.ts';
import type { ReadSession } from './read-session.ts';
import { runQuery } from './run-query.ts';
import { rowsStatement, storedRowOf, summaryStatement } from './stored-row.ts';
import {
  binsStatement,
  correctionsStatement,
  dimensionsStatement,
  dimensionValuesStatement,
  fewSeriesMax,
  fewSeriesStatement,
  measuresStatement,
  pointsStatement,
  windowsStatement,
  type MeasureQuestion,
} from './statements.ts';

type Cells = readonly unknown[];

/** Reads rows of a PostgreSQL database, in transactions that cannot write. */
export class PostgresReader implements RowReader {
  readonly engine = 'PostgreSQL';
  readonly #connections: Connections;
  readonly #session: ReadSession;
  readonly #names: SchemaNames;

  constructor(connections: Connections, session: ReadSession, names: SchemaNames) {
    this.#connections = connections;
    this.#session = session;
    this.#names = names;
  }

  async dimensions(signal: AbortSignal): Promise<readonly string[]> {
    const found = await this.#session.rows(
      (connection) => connection.rows(dimensionsStatement(this.#names)),
      signal,
    );
    return found?.rows.map(([name]) => String(name)) ?? [];
  }

  measures(range: TimeRange, limits: ReadLimits): Promise<Answer<MeasureSummary>> {
    const statement = measuresStatement(this.#names, range, limits.rowsMax);
    return this.#answer(statement, limits, ([name, isNumber, isView]) => ({
      name: String(name),
      isNumber: isNumber === true,
      isView: isView === true,
    }));
  }

  dimensionValues(
    dimension: string,
    choice: SeriesChoice,
    search: string,
    limits: ReadLimits,
  ): Promise<Answer<string>> {
    const given = { dimension, choice, search, rowsMax: limits.rowsMax };
    const statement = dimensionValuesStatement(this.#names, given);
    return this.#answer(statement, limits, ([value]) => String(value));
  }

  points(choice: MeasureChoice, limits: ReadLimits): Promise<Answer<StoredPoint>> {
    const statementOf = (question: MeasureQuestion) => pointsStatement(this.#names, question);
    return this.#answerOf(choice, statementOf, limits, ([group, timeMs, value]) => ({
      group: String(group),
      timeMs: Number(timeMs),
      value: Number(value),
    }));
  }

  bins(choice: MeasureChoice, binMs: number, limits: ReadLimits): Promise<Answer<PointsBin>> {
    const statementOf = (question: MeasureQuestion) =>
      binsStatement(this.#names, { ...question, binMs });
    return this.#answerOf(
      choice,
      statementOf,
      limits,
      ([group, startMs, pointsCount, min, max, mean]) => ({
        group: String(group),
        startMs: Number(startMs),
        pointsCount: Number(pointsCount),
        min: Number(min),
        max: Number(max),
        mean: Number(mean),
      }),
    );
  }

  windows(choice: MeasureChoice, limits: ReadLimits): Promise<Answer<WindowSummary>> {
    const statementOf = (question: MeasureQuestion) => windowsStatement(this.#names, question);
    return this.#answerOf(choice, statementOf, limits, ([group, ...numbers]) => {
      const [startMs, endMs, mean, min, max, rowsCount, filledCount] = numbers.map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return { group: String(group), startMs, endMs, mean, min, max, rowsCount, filledCount };
    });
  }

  async corrections(
    choice: CorrectionsChoice,
    limits: ReadLimits,
  ): Promise<Answer<StoredCorrection> | undefined> {
    const statement = correctionsStatement(this.#names, choice, limits.rowsMax);
    const found = await this.#session.rows(
      (connection) => connection.rows(statement),
      limits.signal,
    );
    if (found === undefined) return undefined;
    return {
      items: found.rows.slice(0, limits.rowsMax).flatMap(correctionOf),
      isTruncated: found.rows.length > limits.rowsMax,
      elapsedMs: found.elapsedMs,
    };
  }

  async *rows(
    table: StoreTable,
    span: TimeSpan,
    { batchRowsMax, signal }: BatchLimits,
  ): AsyncGenerator<readonly StoredRow[]> {
    const statement = rowsStatement(this.#names, table, span);
    for await (const rows of this.#session.parts(statement, batchRowsMax, signal)) {
      yield rows.map((cells) => storedRowOf(table, cells));
    }
  }

  async summarize(table: StoreTable, span: TimeSpan, signal: AbortSignal): Promise<RowsSummary> {
    const statement = summaryStatement(this.#names, table, span);
    const [[count, oldest, newest] = []] =
      (await this.#session.rows((connection) => connection.rows(statement), signal))?.rows ?? [];
    const msOf = (cell: unknown) =>
      cell === null || cell === undefined ? undefined : Number(cell);
    return { rowsCount: Number(count ?? 0), oldestMs: msOf(oldest), newestMs: msOf(newest) };
  }

  query(statement: string, limits: ReadLimits): Promise<QueryResult> {
    return runQuery(this.#session, statement, limits);
  }

  examples(): readonly ExampleStatement[] {
    return exampleStatements(this.#names);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connections[Symbol.asyncDispose]();
  }

  #answer<Item>(
    statement: Statement,
    limits: ReadLimits,
    itemOf: (cells: Cells) => Item,
  ): Promise<Answer<Item>> {
    return this.#read((connection) => connection.rows(statement), limits, itemOf);
  }

  /** Looks how many series there are first: a plan that is right for few is wrong for many. */
  #answerOf<Item>(
    choice: MeasureChoice,
    statementOf: (question: MeasureQuestion) => Statement,
    limits: ReadLimits,
    itemOf: (cells: Cells) => Item,
  ): Promise<Answer<Item>> {
    const { rowsMax } = limits;
    const task = async (connection: Connection) => {
      const series = await connection.rows(fewSeriesStatement(this.#names, choice));
      if (series.length === 0) return [];
      const fewSeries = series.length > fewSeriesMax ? undefined : series.map(([id]) => Number(id));
      return connection.rows(statementOf({ choice, fewSeries, rowsMax }));
    };
    return this.#read(task, limits, itemOf);
  }

  async #read<Item>(
    task: (connection: Connection) => Promise<readonly Cells[]>,
    { rowsMax, signal }: ReadLimits,
    itemOf: (cells: Cells) => Item,
  ): Promise<Answer<Item>> {
    const { rows, elapsedMs } = (await this.#session.rows(task, signal)) ?? nothing;
    return {
      items: rows.slice(0, rowsMax).map(itemOf),
      isTruncated: rows.length > rowsMax,
      elapsedMs,
    };
  }
}

/** Before the first writer has made the tables. */
const nothing = { rows: [], elapsedMs: 0 };

function correctionOf(cells: Cells): readonly StoredCorrection[] {
  const [measure, dimensions, windowStartMs, windowEndMs, knownAtMs, text] = cells;
  const change = parseCorrection(String(text));
  if (change === undefined) return [];
  return [
    {
      measure: String(measure),
      dimensions: dimensions as Readonly<Record<string, string>>,
      windowStartMs: Number(windowStartMs),
      windowEndMs: Number(windowEndMs),
      knownAtMs: Number(knownAtMs),
      ...change,
    },
  ];
}
