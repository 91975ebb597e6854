import { Slots } from '@highwater/flow';
import type { OpenStore, Row, RowOutcome, StoreAbilities, StoreTable } from '@highwater/model';
import {
  writePrepared,
  type PreparedRow,
  type Settle,
  type WriteLeaders,
} from '@highwater/store-kit';
import { asPostgresError, classifyFailure } from './classify-failure.ts';
import type { Connection } from './connections.ts';
import { unusable } from './errors.ts';
import { callWithRetry, type CallContext } from './retry.ts';
import type { Days } from './schema/days.ts';
import type { MeasureViews } from './writing/measure-views.ts';
import { seriesOf } from './writing/row-series.ts';
import { rowTime } from './writing/row-time.ts';
import type { SeriesIds } from './writing/series-ids.ts';
import { upsertRows, type UpsertRow, type UpsertStatements } from './writing/upsert-rows.ts';

/** Larger batches are a little faster, and hold the rows that they write for longer. */
const batchRowsMax = 1_000;

const postgresAbilities: StoreAbilities = {
  keepsHighestVersion: 'on_write',
  detectsConflicts: true,
  refusesOldTimes: true,
  batchRowsMax,
  // By the limits on one row.
  batchBytesMax: batchRowsMax * 4096,
};

/** A row that seems to be too far ahead may be so by an old look at the server's clock only. */
const lookAgainAfterMs = 60_000;
/** Rows that are neither written nor refused, nor found afterwards, are tried so often. */
const roundsMax = 5;

/** The parts of a store. */
export interface StoreParts {
  readonly context: CallContext;
  readonly table: StoreTable;
  readonly days: Days;
  readonly seriesIds: SeriesIds;
  readonly statements: UpsertStatements;
  readonly views: MeasureViews;
  readonly requestsInFlightMax: number;
  /** Ends what runs beside the writes. */
  readonly close: () => Promise<void>;
}

/**
 * Rows in a table of PostgreSQL. Safe to call concurrently: all calls share one bound on connections.
 * Dispose it after the last `write` has settled.
 */
export class PostgresStore implements OpenStore {
  readonly abilities = postgresAbilities;
  readonly #parts: StoreParts;
  readonly #slots: Slots;
  #lookedAtMs: number;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#lookedAtMs = parts.context.clock.nowMs();
    this.#slots = new Slots(parts.requestsInFlightMax);
  }

  write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    const { metrics } = this.#parts.context;
    const writeLeaders: WriteLeaders = (leaders, settle, either) =>
      this.#writeAll(leaders, settle, either);
    return writePrepared(rows, { metrics, writeLeaders }, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.close();
  }

  async #writeAll(leaders: readonly PreparedRow[], settle: Settle, signal: AbortSignal) {
    const { table } = this.#parts;
    let nanoseconds = '';
    let time = rowTime('0');
    const rows = leaders.map((prepared): UpsertRow => {
      // The rows of a window have one time.
      if (prepared.timeNanoseconds !== nanoseconds) {
        nanoseconds = prepared.timeNanoseconds;
        time = rowTime(nanoseconds);
      }
      return { prepared, series: seriesOf(prepared, table, time), time };
    });
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const results = await Promise.allSettled(
      batchesOf(rows).map((batch) =>
        this.#slots.run(async () => {
          either.throwIfAborted();
          await this.#writeBatch(batch, settle, either).catch((error: unknown) => {
            failed.abort(error);
            throw error;
          });
        }),
      ),
    );
    signal.throwIfAborted();
    failed.signal.throwIfAborted();
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #writeBatch(batch: readonly UpsertRow[], settle: Settle, signal: AbortSignal) {
    const { clock, metrics } = this.#parts.context;
    const startMs = clock.monotonicMs();
    metrics.requestsInFlight.inc();
    metrics.requestRecords.observe(batch.length);
    try {
      await this.#lookAgain(batch, signal);
      let pending = batch;
      for (let round = 0; pending.length > 0; round++) {
        if (round === roundsMax) throw unusable(strayRows(pending.length));
        const rest = await this.#writeOnce(pending, settle, signal);
        if (rest.length < pending.length) round = 0;
        pending = rest;
      }
    } finally {
      metrics.requestsInFlight.dec();
      metrics.writeDuration.observe((clock.monotonicMs() - startMs) / 1000);
    }
  }

  /** The timer of the maintenance stands still while a computer sleeps. */
  async #lookAgain(batch: readonly UpsertRow[], signal: AbortSignal): Promise<void> {
    const { days, context } = this.#parts;
    const nowMs = context.clock.nowMs();
    if (Math.abs(nowMs - this.#lookedAtMs) < lookAgainAfterMs) return;
    if (!batch.some(({ time }) => days.isAhead(time.timeMs))) return;
    this.#lookedAtMs = nowMs;
    const task = (connection: Connection) => days.makeAhead(connection);
    await this.#call('making partitions', task, signal);
  }

  /** @returns the rows that are to be written again */
  async #writeOnce(
    batch: readonly UpsertRow[],
    settle: Settle,
    signal: AbortSignal,
  ): Promise<readonly UpsertRow[]> {
    const kept = batch.filter((row) => !this.#refuse(row, settle));
    if (kept.length === 0) return kept;
    const written = await this.#call(
      `writing ${kept.length} rows`,
      (connection) => this.#upsert(connection, kept),
      signal,
    );
    // A day is missing: the clock may have passed midnight. Those that are over are refused then.
    if (written === undefined) {
      await this.#makeDays(kept, signal);
      return kept;
    }
    const rest = kept.filter((row, index) => {
      const outcome = written.outcomes[index];
      if (outcome !== undefined) settle(row.prepared, outcome);
      return outcome === undefined;
    });
    await this.#extendViews(written.news, signal);
    return rest;
  }

  #refuse({ prepared, time }: UpsertRow, settle: Settle): boolean {
    const detail = this.#parts.days.refusalOf(time.timeMs);
    if (detail === undefined) return false;
    settle(prepared, { status: 'rejected', reason: 'time_out_of_range', detail });
    return true;
  }

  /** Looks up the numbers of series anew in each attempt: after a failover they may be others. */
  async #upsert(connection: Connection, rows: readonly UpsertRow[]) {
    const { seriesIds, statements, views } = this.#parts;
    const known = await seriesIds.resolve(connection, rows);
    try {
      const ids = known.map(({ id }) => id);
      const outcomes = await upsertRows(connection, statements, { rows, seriesIds: ids });
      return { outcomes, news: views.news(rows, known) };
    } catch (error) {
      if (classifyFailure(error).kind === 'no_partition') return undefined;
      throw error;
    }
  }

  async #makeDays(batch: readonly UpsertRow[], signal: AbortSignal): Promise<void> {
    const { days } = this.#parts;
    const task = async (connection: Connection) => {
      await days.makeAhead(connection);
      const timesMs = batch.map(({ time }) => time.timeMs);
      await days.make(
        connection,
        timesMs.filter((timeMs) => days.refusalOf(timeMs) === undefined),
      );
    };
    await this.#call('making partitions', task, signal);
  }

  async #extendViews(news: ReturnType<MeasureViews['news']>, signal: AbortSignal): Promise<void> {
    const { views } = this.#parts;
    for (const [measureName, features] of news) {
      await this.#call(
        'making the view of a measure',
        (connection) => views.extend(connection, measureName, features),
        signal,
      );
    }
  }

  async #call<T>(
    action: string,
    task: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    try {
      return await callWithRetry(this.#parts.context, { action, task }, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw asPostgresError(action, error);
    }
  }
}

function strayRows(count: number): string {
  return `${count} rows were neither written nor refused in ${roundsMax} attempts; look for a trigger, a rule, row security, or a partition with other bounds on the table`;
}

function batchesOf(rows: readonly UpsertRow[]): readonly (readonly UpsertRow[])[] {
  const batches: (readonly UpsertRow[])[] = [];
  for (let start = 0; start < rows.length; start += batchRowsMax) {
    batches.push(rows.slice(start, start + batchRowsMax));
  }
  return batches;
}
