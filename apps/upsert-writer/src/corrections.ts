import { seriesKey, type Clock, type Logger, type Row, type Store } from '@highwater/model';
import type { WindowPartial } from '@highwater/model';
import {
  foldPlaced,
  hasSource,
  type OpenRows,
  type PlacedRow,
  type View,
  type ViewRow,
} from '@highwater/windowing';
import type { UpsertWriterMetrics } from './metrics.ts';

/** Where corrections are written, and how many. */
export interface CorrectionsOptions {
  readonly store: Store;
  /** Corrections beyond this rate are counted, but not published. */
  readonly perSecondMax: number;
  readonly metrics: UpsertWriterMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A stored row before a late partial changed it. */
interface Before {
  readonly valueByMeasure: ReadonlyMap<string, string>;
  readonly contributions: number;
  readonly lateContributions: number;
}

/**
 * Publishes how stored rows change: the value of each before and after, and how late the points
 * were that changed it. See docs/decisions/0008.
 *
 * Corrections are information for people. Rows have priority: a batch waits at most a few seconds
 * for its corrections, and corrections that cannot be published in that time are counted and
 * dropped.
 */
export class Corrections {
  readonly #options: CorrectionsOptions;
  readonly #beforeByRow = new Map<ViewRow, Before>();
  #pending: Row[] = [];
  #budget: number;
  #budgetAtMs: number;

  constructor(options: CorrectionsOptions) {
    this.#options = options;
    this.#budget = options.perSecondMax;
    this.#budgetAtMs = options.clock.monotonicMs();
  }

  /**
   * Records a stored row before a partial is joined into it. The first partial of a source
   * completes the row, unless it is late. Every later one corrects it.
   */
  look(rows: OpenRows, view: View, partial: WindowPartial): void {
    const { firing } = partial;
    if ((firing === 'on_time' || firing === 'early') && partial.lateContributions === 0) return;
    const { startMs, endMs } = partial;
    const place = { view, window: { startMs, endMs }, cleanupMs: 0 };
    const row = rows.find(place, seriesKey(partial.series));
    if (row === undefined || row.writtenVersion === 0 || this.#beforeByRow.has(row)) return;
    if (partial.lateContributions === 0 && !hasSource(row, partial.source)) return;
    const folded = foldPlaced({ place, row });
    this.#beforeByRow.set(row, {
      valueByMeasure: new Map(folded.rows.map((each) => [each.measureName, each.measureValue])),
      contributions: folded.contributions,
      lateContributions: lateContributions(row),
    });
  }

  /** Records that the store now has a row of a view row. */
  written({ place, row }: PlacedRow, stored: Row): void {
    const before = this.#beforeByRow.get(row);
    const from = before?.valueByMeasure.get(stored.measureName);
    if (before === undefined || from === undefined) return;
    const points = pointsOf(row);
    if (!this.#takeBudget()) {
      this.#options.metrics.corrections.inc({ outcome: 'skipped' });
      return;
    }
    const arrivalTimeMs = newestArrivalTimeMs(row);
    this.#pending.push({
      ...stored,
      attributes: undefined,
      measureValueType: 'VARCHAR',
      measureValue: JSON.stringify({
        from: Number(from),
        to: Number(stored.measureValue),
        points,
        added: points - before.contributions,
        late: lateContributions(row) - before.lateContributions,
        lateByMs: Math.max(0, arrivalTimeMs - place.window.endMs),
      }),
      time: String(arrivalTimeMs),
      timeUnit: 'MILLISECONDS',
    });
  }

  /** Stores the corrections, and forgets the previous rows. */
  async publish(signal: AbortSignal): Promise<void> {
    this.#beforeByRow.clear();
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return;
    const { store, metrics, log } = this.#options;
    try {
      for (const { status } of await store.write(pending, signal)) {
        metrics.corrections.inc({ outcome: status === 'rejected' ? 'rejected' : 'published' });
      }
    } catch (error) {
      signal.throwIfAborted();
      metrics.corrections.inc({ outcome: 'failed' }, pending.length);
      log.warn(
        { err: error, correctionsCount: pending.length },
        'Writing corrections to their table failed. They are dropped; the corrected rows are stored.',
      );
    }
  }

  /** A bucket that refills over time, so that a burst costs the store no more than its size. */
  #takeBudget(): boolean {
    const { clock, perSecondMax } = this.#options;
    const nowMs = clock.monotonicMs();
    const refill = ((nowMs - this.#budgetAtMs) / 1000) * perSecondMax;
    this.#budget = Math.min(perSecondMax, this.#budget + refill);
    this.#budgetAtMs = nowMs;
    if (this.#budget < 1) return false;
    this.#budget -= 1;
    return true;
  }
}

function pointsOf({ partials }: ViewRow): number {
  return partials.reduce((sum, { contributions }) => sum + contributions, 0);
}

function lateContributions({ partials }: ViewRow): number {
  return partials.reduce((sum, { lateContributions: late }) => sum + late, 0);
}

function newestArrivalTimeMs({ partials }: ViewRow): number {
  return partials.reduce(
    (newestMs, partial) => Math.max(newestMs, partial.newestArrivalTimeMs),
    Number.NEGATIVE_INFINITY,
  );
}
