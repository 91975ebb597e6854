import { callWithRetry, type CallContext } from './call-with-retry.ts';
import type { PlacedRow } from './series-book.ts';
import { literals, literal } from './sql-text.ts';
import { valueColumns, type TableLayout } from './table-layout.ts';

/** Of this many rows, one is looked at again. */
const oneRowIn = 1_000;
/** Rows of one look. */
const rowsMax = 100;

/**
 * Looks for two producers that wrote one row with the same version and different values, which the
 * engine does not report: it keeps the one that was inserted last. A sample, of rows that were not
 * merged yet, so it finds what happens often, not each case.
 */
export class ConflictSample implements AsyncDisposable {
  readonly #context: CallContext;
  readonly #layout: TableLayout;
  readonly #ended = new AbortController();
  #waiting: PlacedRow[] = [];
  #look: Promise<void> | undefined;

  constructor(context: CallContext, layout: TableLayout) {
    this.#context = context;
    this.#layout = layout;
  }

  /** Takes some of these rows, which are stored, and returns at once. */
  add(rows: readonly PlacedRow[]): void {
    // The distance to the next sampled row, so that only those cost anything.
    let index = this.#distance();
    while (index < rows.length && this.#waiting.length < rowsMax) {
      const row = rows[index];
      if (row) this.#waiting.push(row);
      index += 1 + this.#distance();
    }
    if (this.#waiting.length > 0) this.#look ??= this.#run();
  }

  /** Ends what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#look;
  }

  #distance(): number {
    return Math.floor(Math.log(1 - this.#context.random()) / Math.log(1 - 1 / oneRowIn));
  }

  async #run(): Promise<void> {
    const { log, metrics } = this.#context;
    while (this.#waiting.length > 0 && !this.#ended.signal.aborted) {
      const rows = this.#waiting;
      this.#waiting = [];
      try {
        const measures = await this.#find(rows);
        if (measures.length > 0) {
          metrics.conflictsSampled.inc(measures.length);
          log.warn(
            { table: this.#layout.table, measures },
            'Rows with the same version have different values. ClickHouse keeps the last value written.',
          );
        }
      } catch (error) {
        if (!this.#ended.signal.aborted)
          log.warn({ err: error }, 'The check for conflicts failed.');
      }
    }
    this.#look = undefined;
  }

  /** @returns the measure name of each conflict */
  async #find(rows: readonly PlacedRow[]): Promise<readonly string[]> {
    const { connection } = this.#context;
    const { identityColumns, rows: table } = this.#layout;
    const keys = rows.map(
      ({ prepared, series }) =>
        `(${literal(series.measureName)}, ${uint128(series.id)}, fromUnixTimestamp64Nano(${prepared.timeNanoseconds}, 'UTC'), ${prepared.row.version})`,
    );
    const statement = `SELECT measure_name FROM ${table}
      WHERE measure_name IN ${literals([...new Set(rows.map(({ series }) => series.measureName))])}
      AND (measure_name, series_id, time, version) IN (${keys.join(', ')})
      GROUP BY ${identityColumns.join(', ')}, version
      HAVING length(groupUniqArray(tuple(${valueColumns.join(', ')}))) > 1`;
    const call = (signal: AbortSignal) => connection.texts(statement, { signal });
    const found = await callWithRetry(
      this.#context,
      'looking for conflicts',
      call,
      this.#ended.signal,
    );
    return found.flatMap(([measureName]) => measureName ?? []);
  }
}

/** As the engine reads the bytes: the least significant one first. */
function uint128(id: Buffer): string {
  return `toUInt128('${BigInt(`0x${Buffer.from(id.toReversed()).toString('hex')}`)}')`;
}
