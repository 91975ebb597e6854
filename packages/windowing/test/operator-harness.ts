import type { Firing, Point, WindowPartial } from '@highwater/model';
import { parseViews, WindowOperator, type PointOutcome, type View } from '../src/index.ts';

/** A view that sums over 10 ms windows by default. */
export function view(definition: Record<string, unknown> = {}): View {
  const [parsed] = parseViews({
    views: [{ name: 'v', window: { tumbling: '10ms' }, aggregates: ['sum'], ...definition }],
  });
  if (!parsed) throw new Error('one view was given');
  return parsed;
}

/** A point of series `key`. */
export function point(timeMs: number, value = 1, key = 'a'): Point {
  return {
    series: {
      measureName: 'm',
      measureValueType: 'DOUBLE',
      dimensions: [{ name: 'key', value: key }],
    },
    value: String(value),
    time: String(timeMs),
    timeUnit: 'MILLISECONDS',
    timeMs,
  };
}

/** A partial in the notation of the conformance table: `a[0,10)=3`, and its firing. */
export function show(partial: WindowPartial): string {
  const key = partial.series.dimensions[0]?.value ?? '';
  return `${key}[${partial.startMs},${partial.endMs})=${partial.accumulator[0]} ${partial.firing}`;
}

/**
 * One shard under test. The watermark is moved as Flink's tests move it, to an exact value, by a
 * point of a series that no view takes.
 */
export class OperatorHarness {
  readonly operator: WindowOperator;
  #sequence = 0;

  constructor(
    views: readonly View[],
    options: { outOfOrdernessMs?: number; maxFutureSkewMs?: number } = {},
  ) {
    const { outOfOrdernessMs = 0, maxFutureSkewMs = Number.POSITIVE_INFINITY } = options;
    this.operator = new WindowOperator({ views, source: 's', outOfOrdernessMs, maxFutureSkewMs });
  }

  /** Adds a point as a separate record, which by default arrives at its event time. */
  add(added: Point, arrivalTimeMs = added.timeMs): PointOutcome {
    const [outcome = 'unmatched'] = this.record([added], arrivalTimeMs);
    return outcome;
  }

  /** Adds the points of one record. */
  record(points: readonly Point[], arrivalTimeMs: number): PointOutcome[] {
    this.#sequence += 1;
    const origin = { sequenceNumber: String(this.#sequence), arrivalTimeMs };
    const outcomes = points.map((each) => this.operator.add(each, origin));
    this.operator.endRecord();
    return outcomes;
  }

  /** Adds a point of series `a`, and gives what is emitted at the end of a batch with just it. */
  element(timeMs: number, value = 1): string[] {
    this.add(point(timeMs, value));
    return this.drain();
  }

  watermark(watermarkMs: number): string[] {
    const marker = point(watermarkMs + 1 + this.operator.options.outOfOrdernessMs);
    this.add({ ...marker, series: { ...marker.series, measureValueType: 'VARCHAR' } });
    return this.drain();
  }

  drain(): string[] {
    return [...this.operator.drain()].map(show);
  }

  tick(nowMs: number): string[] {
    return [...this.operator.tick(nowMs)].map(show);
  }

  fire(firing: Firing, endMsMax: number): string[] {
    return [...this.operator.fire(firing, endMsMax)].map(show);
  }
}
