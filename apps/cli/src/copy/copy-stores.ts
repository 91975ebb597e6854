import { isTransient, retry } from '@highwater/flow';
import type { Clock, RowReader, RowsSummary, Store, StoreTable } from '@highwater/model';
import { ConfigError, systemRandom } from '@highwater/service';
import { defineStoreMetrics } from '@highwater/store-kit';
import { openReader, openStore } from '@highwater/stores';
import type { View } from '@highwater/windowing';
import { Registry } from 'prom-client';
import type { Side } from './copy-config.ts';
import { CopyProgress, logTo, type Screen } from './copy-progress.ts';
import { copyRange } from './copy-range.ts';
import type { CopyState } from './copy-state.ts';
import { addVersions, type AddVersion } from './copy-versions.ts';
import { NothingToCopyError } from './errors.ts';
import { countRanges, planRanges, rangesMax, type CopyRange } from './plan-ranges.ts';
import { isAgreed, type RangeResult } from './range-result.ts';

/** What is copied, from where to where. */
export interface CopyOptions {
  readonly from: Side;
  readonly to: Side;
  readonly tables: readonly StoreTable[];
  /** Rows from this time on; all older ones if absent. */
  readonly fromMs: number | undefined;
  /** Rows before this time; all newer ones if absent. */
  readonly toMs: number | undefined;
  readonly chunkMs: number;
  readonly state: CopyState;
  /** Those of the services. */
  readonly views: readonly View[];
  readonly clock: Clock;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** The last millisecond that a store can hold, in the year 2262. */
const lastTimeMs = 9_223_372_036_854;
/** Counting all rows of a table takes longer than any other question. */
const requestTimeoutMs = 300_000;
const backoff = { delayMsMin: 500, delayMsMax: 10_000 };

/** What the copy of each table needs. */
interface CopyContext {
  readonly options: CopyOptions;
  readonly source: RowReader;
  readonly target: RowReader;
  readonly addVersion: AddVersion;
  readonly progress: CopyProgress;
}

/**
 * Copies tables from one store to another, range by range, and skips the ranges on which both sides
 * already agreed according to the state.
 *
 * @returns the result of every range, those of earlier runs included
 * @throws {HighwaterError} when a store cannot be used, or the source has no rows
 */
export async function copyStores(options: CopyOptions): Promise<readonly RangeResult[]> {
  const { from, to, tables, clock, screen } = options;
  await using stack = new AsyncDisposableStack();
  const readerOf = async ({ config, settingsPrefix }: Side) => {
    const limits = { requestsInFlightMax: 2, requestTimeoutMs, clock };
    return stack.use(await openReader(config, { ...limits, settingsPrefix }));
  };
  const [source, target] = [await readerOf(from), await readerOf(to)];
  const plans: (readonly CopyRange[])[] = [];
  let totalRows = 0;
  for (const table of tables) {
    const summary = await summarize(source, table, options);
    totalRows += summary.rowsCount;
    plans.push(planTable(table, summary, options));
  }
  if (totalRows === 0) {
    throw new NothingToCopyError(
      `reading ${source.engine}: it has no rows of ${tables.join(', ')} in this time; check --from, --from-time, and --to-time`,
    );
  }
  const progress = new CopyProgress({ clock, screen, totalRows });
  stack.defer(() => progress.end());
  const addVersion = addVersions(options.views);
  const results: RangeResult[] = [];
  for (const ranges of plans) {
    const context = { options, source, target, addVersion, progress };
    results.push(...(await copyTable(context, ranges)));
  }
  return results;
}

async function copyTable(
  context: CopyContext,
  ranges: readonly CopyRange[],
): Promise<readonly RangeResult[]> {
  const { options, progress } = context;
  const { state, to, clock, signal } = options;
  for (const range of ranges) {
    const known = state.find(range);
    if (isDone(known)) progress.skip(known.sourceRows);
  }
  const left = ranges.filter((range) => !isDone(state.find(range)));
  const [first] = left;
  if (first !== undefined) {
    await using store = await openStore(to.config, first.table, {
      clock,
      log: logTo(progress),
      metrics: defineStoreMetrics(new Registry()),
      random: systemRandom,
      signal,
      settingsPrefix: to.settingsPrefix,
    });
    for (const range of left) {
      await state.add(await copyInTime(context, store, range));
      progress.endRange();
    }
  }
  return ranges.flatMap((range) => state.find(range) ?? []);
}

/** Starts a range again from its beginning when a store could not be reached: nothing is lost by that. */
function copyInTime(
  { options, source, target, addVersion, progress }: CopyContext,
  store: Store,
  range: CopyRange,
): Promise<RangeResult> {
  const { to, clock, signal } = options;
  const onWritten = (rowsCount: number) => progress.wrote(range, rowsCount);
  const call = () => {
    progress.beginRange();
    return copyRange({ source, target, store, addVersion, clock, onWritten }, range, signal);
  };
  return retry(call, {
    clock,
    signal,
    random: systemRandom,
    giveUpAfterMs: to.config.HW_STORE_GIVE_UP_AFTER_MS,
    backoffFor: (error) => (isTransient(error) ? backoff : undefined),
    onRetry: (error) => progress.note(`${(error as Error).message}; trying again`),
  });
}

function isDone(result: RangeResult | undefined): result is RangeResult {
  return result !== undefined && isAgreed(result);
}

function summarize(
  source: RowReader,
  table: StoreTable,
  { fromMs = 0, toMs = lastTimeMs, signal }: CopyOptions,
): Promise<RowsSummary> {
  return source.summarize(table, { startMs: fromMs, endMs: toMs }, signal);
}

function planTable(
  table: StoreTable,
  { oldestMs, newestMs }: RowsSummary,
  { fromMs, toMs, chunkMs }: CopyOptions,
): readonly CopyRange[] {
  if (oldestMs === undefined || newestMs === undefined) return [];
  // Whole ranges at the old end, so that they stay the same when the source drops its oldest rows.
  const firstMs = Math.floor(oldestMs / chunkMs) * chunkMs;
  const startMs = Math.max(firstMs, fromMs ?? 0);
  const endMs = Math.min(newestMs + 1, toMs ?? lastTimeMs);
  const count = countRanges({ startMs, endMs }, chunkMs);
  if (count > rangesMax) {
    throw new ConfigError([
      `--chunk divides the rows of ${table} into ${count} ranges, which is more than ${rangesMax}: set a longer one, or a later --from-time`,
    ]);
  }
  return planRanges(table, { startMs, endMs }, chunkMs);
}
