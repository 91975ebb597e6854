import type { OpenStore, Row, RowOutcome, StoreAbilities } from '@highwater/model';
import { writePrepared, type Settle, type WriteLeaders } from '@highwater/store-kit';
import { callWithRetry, type CallContext } from './call-with-retry.ts';
import { asClickhouseError, classifyFailure } from './classify-failure.ts';
import type { ConflictSample } from './conflict-sample.ts';
import { registerAgainAfterMs } from './create-statements.ts';
import { encodeRows, encodeSeries } from './encode-rows.ts';
import { InsertRounds } from './insert-rounds.ts';
import type { MeasureViews } from './measure-views.ts';
import { SeriesBook, type PlacedRow, type Series } from './series-book.ts';
import { identifier } from './sql-text.ts';
import { seriesColumns, type TableLayout } from './table-layout.ts';

/** Rows of different identities, of which the engine keeps the highest version of each, in time. */
const clickhouseAbilities: StoreAbilities = {
  keepsHighestVersion: 'on_merge',
  detectsConflicts: false,
  refusesOldTimes: true,
  batchRowsMax: 25_000,
  batchBytesMax: 16 * 1024 * 1024,
};

/**
 * How long rows wait for others, at most. Shorter, and small writes make more parts than the engine
 * can merge; longer, and a shard that waits for its rows reads less.
 */
const delayMs = 200;

/** An insert of so many rows is large enough not to wait. */
const rowsEnough = 5_000;

/** A row without its texts; and how much each of their UTF-16 units may take as UTF-8. */
const rowBytesFixed = 80;
const letterBytesMax = 3;

/** Rows of one insert may be of many days; the engine's own limit is 100 partitions. */
const insertSettings = { max_partitions_per_insert_block: '0', async_insert: 0 } as const;

/** A row, and the call that it belongs to. */
interface Waiting extends PlacedRow {
  readonly settle: Settle;
}

export interface StoreParts {
  readonly context: CallContext;
  readonly layout: TableLayout;
  /** Rows before are refused: the engine would drop them. */
  readonly retentionDays: number;
  readonly requestsInFlightMax: number;
  readonly views: MeasureViews | undefined;
  readonly sample: ConflictSample;
}

/**
 * Rows in a ClickHouse table. Safe to call concurrently: rows of calls at about the same time share
 * their inserts. Dispose it after the last `write` has settled.
 */
export class ClickhouseStore implements OpenStore {
  readonly abilities = clickhouseAbilities;
  readonly #parts: StoreParts;
  readonly #book: SeriesBook;
  readonly #rounds: InsertRounds<Waiting>;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#book = new SeriesBook(parts.layout);
    this.#rounds = new InsertRounds({
      clock: parts.context.clock,
      delayMs,
      itemsEnough: rowsEnough,
      itemsMax: clickhouseAbilities.batchRowsMax,
      bytesMax: clickhouseAbilities.batchBytesMax,
      inFlightMax: parts.requestsInFlightMax,
      bytesOf,
      send: (rows, signal) => this.#send(rows, signal),
    });
  }

  write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    const { metrics, clock } = this.#parts.context;
    const writeLeaders: WriteLeaders = async (leaders, settle, either) => {
      const oldestMs = clock.nowMs() - this.#parts.retentionDays * 86_400_000;
      const waiting: Waiting[] = [];
      for (const prepared of leaders) {
        if (Number(prepared.timeNanoseconds) / 1e6 < oldestMs) {
          const detail = `the table keeps ${this.#parts.retentionDays} days`;
          settle(prepared, { status: 'rejected', reason: 'time_out_of_range', detail });
        } else waiting.push({ ...this.#book.place(prepared), settle });
      }
      if (waiting.length > 0) await this.#rounds.add(waiting, either);
    };
    return writePrepared(rows, { metrics, writeLeaders }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { context, views, sample } = this.#parts;
    await this.#rounds[Symbol.asyncDispose]();
    await views?.[Symbol.asyncDispose]();
    await sample[Symbol.asyncDispose]();
    await context.connection[Symbol.asyncDispose]();
  }

  async #send(rows: readonly Waiting[], signal: AbortSignal): Promise<void> {
    const { context, views, sample } = this.#parts;
    const { clock, metrics } = context;
    const startMs = clock.monotonicMs();
    metrics.requestsInFlight.inc();
    metrics.requestRecords.observe(rows.length);
    try {
      // A reader finds a row by its series, so the series come first.
      const series = this.#unregistered(rows);
      if (series.length > 0) await this.#register(series, signal);
      await this.#insert(rows, signal);
      views?.follow(series);
      sample.add(rows);
    } finally {
      metrics.requestsInFlight.dec();
      metrics.writeDuration.observe((clock.monotonicMs() - startMs) / 1000);
    }
  }

  #unregistered(rows: readonly Waiting[]): readonly Series[] {
    const oldMs = this.#parts.context.clock.monotonicMs() - registerAgainAfterMs;
    const found = new Set<Series>();
    for (const { series } of rows) {
      if (series.registeredAtMs === undefined || series.registeredAtMs < oldMs) found.add(series);
    }
    return [...found];
  }

  async #register(series: readonly Series[], signal: AbortSignal): Promise<void> {
    const { context, layout } = this.#parts;
    const { clock } = context;
    const into = `${layout.series} (${seriesColumns.map(identifier).join(', ')})`;
    await this.#call(into, encodeSeries(series, clock.nowMs()), signal);
    for (const each of series) each.registeredAtMs = clock.monotonicMs();
  }

  /** Inserts rows, and finds the one to blame where the engine refuses all of them. */
  async #insert(rows: readonly Waiting[], signal: AbortSignal): Promise<void> {
    const { layout, context } = this.#parts;
    const into = `${layout.rows} (${layout.columns.map(identifier).join(', ')})`;
    try {
      await this.#call(into, encodeRows(rows, layout.hasWindows), signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = classifyFailure(error instanceof Error ? (error.cause ?? error) : error);
      if (failure.kind !== 'invalid') throw error;
      if (rows.length === 1) {
        for (const { prepared, settle } of rows) {
          settle(prepared, { status: 'rejected', reason: 'invalid', detail: failure.detail });
        }
        return;
      }
      context.metrics.bisections.inc();
      const middle = Math.ceil(rows.length / 2);
      await this.#insert(rows.slice(0, middle), signal);
      await this.#insert(rows.slice(middle), signal);
      return;
    }
    for (const { prepared, settle } of rows) settle(prepared, { status: 'written' });
  }

  async #call(into: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { context, layout } = this.#parts;
    const { connection } = context;
    const action = `writing to table ${layout.table} of database ${context.database}`;
    const settings = insertSettings;
    try {
      await callWithRetry(
        context,
        action,
        (attempt) => connection.insert(into, bytes, { signal: attempt, settings }),
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      throw asClickhouseError(action, error);
    }
  }
}

function bytesOf({ prepared: { row } }: Waiting): number {
  let letters = row.measureName.length + row.measureValue.length;
  for (const { name, value } of row.attributes ?? []) letters += name.length + value.length;
  return rowBytesFixed + letters * letterBytesMax;
}
