import type { View } from '@highwater/windowing';
import { readTimeText } from './time-text.ts';
import type { Trial, TrialFile } from './trial-schema.ts';
import { TrialShard, type Became, type TimedPoint } from './trial-shard.ts';
import { TrialTable, type StoredRow } from './trial-table.ts';

/** Services check the clock about once a second. */
const tickIntervalMs = 1_000;

/** The result of a test. */
export interface TrialRun {
  /** By the index of the point in the test; undefined for a point that arrives after the end. */
  readonly outcomes: ReadonlyMap<number, Became>;
  readonly rows: readonly StoredRow[];
}

/**
 * Runs the points of a test through the views on simulated time. The operators, partials, the join,
 * and the versions are those of the services. Every arrival is its own batch.
 */
export function runTrial(trial: Trial, file: TrialFile, views: readonly View[]): TrialRun {
  const startMs = readTimeText(file.start, 0);
  const untilMs = trial.until === undefined ? undefined : readTimeText(trial.until, startMs);
  const shards = new Map<string, TrialShard>();
  const table = new TrialTable(views);
  const outcomes = new Map<number, Became>();
  let clockMs = Number.NEGATIVE_INFINITY;

  const passTimeTo = (timeMs: number): void => {
    // Without an end, only the final rows count, and the clock does not affect them.
    if (untilMs === undefined || clockMs === Number.NEGATIVE_INFINITY) {
      clockMs = timeMs;
      return;
    }
    while (clockMs + tickIntervalMs <= timeMs) {
      clockMs += tickIntervalMs;
      for (const shard of shards.values()) table.join(shard.tick(clockMs));
    }
  };

  for (const timed of inOrderOfArrival(trial, startMs)) {
    if (untilMs !== undefined && timed.arrivalTimeMs > untilMs) break;
    passTimeTo(timed.arrivalTimeMs);
    const name = timed.point.shard;
    const shard = shards.get(name) ?? new TrialShard(name, views, file);
    shards.set(name, shard);
    outcomes.set(timed.index, shard.put(timed));
    table.join(shard.endBatch());
  }
  if (untilMs !== undefined) passTimeTo(untilMs);
  else for (const shard of shards.values()) table.join(shard.end());
  return { outcomes, rows: table.rows };
}

function inOrderOfArrival({ points }: Trial, startMs: number): readonly TimedPoint[] {
  let latestMs = Number.NEGATIVE_INFINITY;
  const timed = points.map((point, index) => {
    const eventTimeMs = readTimeText(point.time, startMs);
    const arrivalTimeMs =
      point.arrives === undefined
        ? Math.max(latestMs, eventTimeMs)
        : readTimeText(point.arrives, startMs);
    latestMs = Math.max(latestMs, arrivalTimeMs);
    return { point, index, eventTimeMs, arrivalTimeMs };
  });
  return timed.toSorted((a, b) => a.arrivalTimeMs - b.arrivalTimeMs || a.index - b.index);
}
