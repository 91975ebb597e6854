import {
  futureDetail,
  RecordRefusals,
  type DeadLetter,
  type ElementRefusal,
  type Series,
  type StreamRecord,
} from '@highwater/model';
import type { FoldListener, PointOutcome } from '@highwater/windowing';
import type { ClockAhead } from './clock-ahead.ts';
import type { PointTally } from './point-tally.ts';

/** Collects the outcomes of all elements, one record after another, and counts each once. */
export class RecordOutcomes implements FoldListener {
  readonly #tally: PointTally;
  readonly #clockAhead: ClockAhead;
  #arrivalTimeMs = 0;
  #refusals: RecordRefusals | undefined;
  #elementsCount = 0;

  constructor(tally: PointTally, clockAhead: ClockAhead) {
    this.#tally = tally;
    this.#clockAhead = clockAhead;
  }

  begin({ arrivalTimeMs }: StreamRecord): void {
    this.#arrivalTimeMs = arrivalTimeMs;
    this.#refusals = undefined;
  }

  point(outcome: PointOutcome, eventTimeMs: number, index: number, series: Series): void {
    this.#clockAhead.note(series, eventTimeMs, this.#arrivalTimeMs);
    if (outcome === 'future') {
      const detail = futureDetail(eventTimeMs, this.#arrivalTimeMs);
      this.refused({ index, reason: 'future', detail });
      return;
    }
    if (outcome === 'too_many_series') {
      const detail =
        'the open windows of the shard already contain the maximum number of series (HW_AGGREGATOR_SERIES_MAX)';
      this.refused({ index, reason: outcome, detail });
      return;
    }
    if (outcome === 'too_many_windows') {
      const detail =
        'the shard already has the maximum number of open windows (HW_AGGREGATOR_WINDOWS_MAX)';
      this.refused({ index, reason: outcome, detail });
      return;
    }
    if (outcome === 'too_many_rows') {
      const detail =
        'the shard already has the maximum number of open rows (HW_AGGREGATOR_ROWS_MAX)';
      this.refused({ index, reason: outcome, detail });
      return;
    }
    this.#elementsCount = index + 1;
    this.#tally.count(outcome);
  }

  refused(refusal: ElementRefusal): void {
    this.#elementsCount = refusal.index + 1;
    this.#tally.count('dead_lettered');
    this.#refusals ??= new RecordRefusals();
    this.#refusals.add(refusal);
  }

  /** The letter of the last record that was started; undefined when nothing of it was rejected. */
  letter(
    record: StreamRecord,
    origin: Pick<DeadLetter, 'stage' | 'stream' | 'shardId'>,
  ): DeadLetter | undefined {
    return this.#refusals?.letter(record, origin, this.#elementsCount);
  }
}
