import type { Firing, Point, WindowPartial } from '@highwater/model';
import { cleanupTimeMs, type PointOutcome, type View } from '../src/index.ts';
import { isDue, isTooLate, type TimeWindow } from '../src/time-window.ts';

type PlainRow = {
  readonly series: Point['series'];
  readonly points: { readonly point: Point; readonly arrivalTimeMs: number }[];
  lateCount: number;
  emittedCount: number;
};
type PlainWindow = TimeWindow & {
  readonly origin: {
    readonly sequenceNumber: string;
    readonly watermarkMs: number;
    readonly newestEventTimeMs: number;
  };
  readonly rows: Map<string, PlainRow>;
  isPassed: boolean;
};

/** A row as emitted, without the form of its accumulator. */
export type PlainPartial = Omit<WindowPartial, 'view' | 'revision' | 'source'>;

/**
 * The definition of windows in its simplest form: every window of one view in one shard keeps its
 * own points, and its row is computed from all of them again.
 */
export class PlainWindows {
  readonly #view: View;
  readonly #outOfOrdernessMs: number;
  #watermarkMs = Number.NEGATIVE_INFINITY;
  #recordMs = Number.NEGATIVE_INFINITY;
  #newestEventTimeMs = Number.NEGATIVE_INFINITY;
  #windows: PlainWindow[] = [];
  #closing: PlainWindow[] = [];

  constructor(view: View, outOfOrdernessMs: number) {
    this.#view = view;
    this.#outOfOrdernessMs = outOfOrdernessMs;
  }

  add(point: Point, origin: { sequenceNumber: string; arrivalTimeMs: number }): PointOutcome {
    const outcome = this.#fold(point, origin);
    this.#newestEventTimeMs = Math.max(this.#newestEventTimeMs, point.timeMs);
    this.#recordMs = Math.max(this.#recordMs, Math.min(point.timeMs, origin.arrivalTimeMs));
    return outcome;
  }

  endRecord(): void {
    const watermarkMs = this.#recordMs - this.#outOfOrdernessMs - 1;
    this.#recordMs = Number.NEGATIVE_INFINITY;
    if (watermarkMs > this.#watermarkMs) this.#advance(watermarkMs);
  }

  drain(): PlainPartial[] {
    const closing = this.#closing;
    this.#closing = [];
    const passed = this.#windows.filter(({ isPassed }) => isPassed);
    return [...inOrder(closing), ...inOrder(passed)].flatMap((window) => this.#emit(window));
  }

  fire(firing: Firing, endMsMax: number): PlainPartial[] {
    const due = inOrder(this.#windows).filter(({ endMs }) => endMs <= endMsMax);
    return due.flatMap((window) => this.#emit(window, firing));
  }

  get replayFrom(): PlainWindow['origin'] | undefined {
    const origins = this.#windows.map(({ origin }) => origin);
    const order = (a: PlainWindow['origin'], b: PlainWindow['origin']) =>
      Number(a.sequenceNumber) - Number(b.sequenceNumber) ||
      (a.newestEventTimeMs < b.newestEventTimeMs ? -1 : 1);
    return origins.toSorted(order)[0];
  }

  get openWindows(): number {
    return this.#windows.length;
  }

  #fold(
    point: Point,
    { sequenceNumber, arrivalTimeMs }: { sequenceNumber: string; arrivalTimeMs: number },
  ): PointOutcome {
    const assigned = this.#view.windows.assign(point.timeMs);
    if (assigned.length === 0) return 'unassigned';
    const { allowedLatenessMs } = this.#view;
    const watermarkMs = this.#watermarkMs;
    const taking = assigned.filter((each) => !isTooLate(each, allowedLatenessMs, watermarkMs));
    let isRefined = false;
    for (const { startMs, endMs } of taking) {
      let window = this.#windows.find((open) => open.startMs === startMs);
      if (!window) {
        const isPassed = isDue({ startMs, endMs }, watermarkMs);
        const newestEventTimeMs = this.#newestEventTimeMs;
        const origin = { sequenceNumber, watermarkMs, newestEventTimeMs };
        window = { startMs, endMs, origin, isPassed, rows: new Map() };
        this.#windows.push(window);
      }
      const key = JSON.stringify(point.series);
      const row = window.rows.get(key) ?? newRow(point.series);
      window.rows.set(key, row);
      row.points.push({ point, arrivalTimeMs });
      if (!window.isPassed) continue;
      row.lateCount += 1;
      isRefined = true;
    }
    if (taking.length === 0) return 'too_late';
    if (taking.length < assigned.length) return 'partly_too_late';
    return isRefined ? 'refined' : 'aggregated';
  }

  #advance(watermarkMs: number): void {
    this.#watermarkMs = watermarkMs;
    for (const window of this.#windows) window.isPassed ||= isDue(window, watermarkMs);
    const isFinal = (window: PlainWindow) =>
      cleanupTimeMs(window, this.#view.allowedLatenessMs) <= watermarkMs;
    this.#closing.push(...this.#windows.filter(isFinal));
    this.#windows = this.#windows.filter((window) => !isFinal(window));
  }

  #emit({ startMs, endMs, rows }: PlainWindow, cause?: Firing): PlainPartial[] {
    const partials: PlainPartial[] = [];
    for (const row of rows.values()) {
      const { series, points, lateCount } = row;
      if (points.length === row.emittedCount) continue;
      row.emittedCount = points.length;
      partials.push({
        series,
        startMs,
        endMs,
        accumulator: this.#accumulate(points),
        contributions: points.length,
        lateContributions: lateCount,
        firing: cause ?? (lateCount > 0 ? 'late' : 'on_time'),
        newestEventTimeMs: Math.max(...points.map(({ point }) => point.timeMs)),
        newestArrivalTimeMs: Math.max(...points.map(({ arrivalTimeMs }) => arrivalTimeMs)),
      });
    }
    return partials;
  }

  #accumulate(points: PlainRow['points']): readonly number[] {
    const { layout } = this.#view;
    const { cells, lists } = layout.create();
    for (const { point, arrivalTimeMs } of points) {
      const value = Number(point.value);
      const isWhole = point.series.measureValueType === 'BIGINT';
      const rest = isWhole ? Number(BigInt(point.value) - BigInt(value)) : 0;
      const eventTimeMs = point.timeMs;
      layout.add(cells, 0, lists, { value, rest, isWhole, eventTimeMs, arrivalTimeMs });
    }
    return layout.encode(cells, 0, lists);
  }
}

function newRow(series: Point['series']): PlainRow {
  return { series, points: [], lateCount: 0, emittedCount: 0 };
}

function inOrder(windows: readonly PlainWindow[]): PlainWindow[] {
  return windows.toSorted((a, b) => a.endMs - b.endMs);
}
