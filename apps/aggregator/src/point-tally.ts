import type { PointOutcome } from '@highwater/windowing';
import type { AggregatorMetrics } from './metrics.ts';

type RefusedOutcome = 'future' | 'too_many_series' | 'too_many_windows' | 'too_many_rows';

/** What became of a point in the aggregator: exactly one of these. */
type TalliedOutcome = Exclude<PointOutcome, RefusedOutcome> | 'dead_lettered';

/** Outcomes that are counted as late, too. */
const lateOutcomes: readonly TalliedOutcome[] = ['refined', 'partly_too_late', 'too_late'];

/** Outcomes after which a point is in no result. */
const droppedOutcomes: readonly TalliedOutcome[] = ['too_late', 'unassigned'];

/** Counts the points of a batch: a metric of its own for each point would cost more than the point. */
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
