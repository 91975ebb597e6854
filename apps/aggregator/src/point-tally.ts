import type { PointOutcome } from '@highwater/windowing';
import type { AggregatorMetrics } from './metrics.ts';

type RefusedOutcome = 'future' | 'too_many_series' | 'too_many_windows' | 'too_many_rows';

/** The outcome of a point in the aggregator: exactly one of these. */
type TalliedOutcome = Exclude<PointOutcome, RefusedOutcome> | 'dead_lettered';

/** Outcomes that also count as late. */
const lateOutcomes: readonly TalliedOutcome[] = ['refined', 'partly_too_late', 'too_late'];

/** Outcomes after which no result includes the point. */
const droppedOutcomes: readonly TalliedOutcome[] = ['too_late', 'unassigned'];

/**
 * Counts the points of a batch, because a metric call per point would cost more than the point
 * itself.
 */
export class PointTally {
  readonly #counts = new Map<TalliedOutcome, number>();

  count(outcome: TalliedOutcome): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  report({ points, latePoints, recordsDropped }: AggregatorMetrics): void {
    for (const [outcome, count] of this.#counts) {
      points.inc({ outcome }, count);
      if (lateOutcomes.includes(outcome)) latePoints.inc({ outcome }, count);
      if (!droppedOutcomes.includes(outcome)) continue;
      recordsDropped.inc({ stage: 'window', reason: outcome, intentional: 'true' }, count);
    }
  }
}
