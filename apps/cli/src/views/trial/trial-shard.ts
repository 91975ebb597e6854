import { decodeResultsRecord, encodeResultsLine, type WindowPartial } from '@highwater/model';
import { RecordFolder, WindowOperator, type View } from '@highwater/windowing';
import type { TrialFile, TrialOutcome, TrialPoint } from './trial-schema.ts';

/** A point with its parsed times. */
export interface TimedPoint {
  readonly point: TrialPoint;
  /** Its index in the test. */
  readonly index: number;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
}

/** The outcome of a point. */
export interface Became {
  readonly outcome: TrialOutcome;
  /** Why it was rejected. */
  readonly detail?: string;
}

/** One shard of the raw stream, with the operator that the aggregator would use for it. */
export class TrialShard {
  readonly #operator: WindowOperator;
  readonly #folder: RecordFolder;
  readonly #settings: TrialFile;
  #lastArrivalMs = Number.NEGATIVE_INFINITY;
  #sequence = 0;

  constructor(source: string, views: readonly View[], settings: TrialFile) {
    const { outOfOrderness: outOfOrdernessMs, maxFutureSkew: maxFutureSkewMs } = settings;
    this.#settings = settings;
    this.#operator = new WindowOperator({ views, source, outOfOrdernessMs, maxFutureSkewMs });
    this.#folder = new RecordFolder(this.#operator);
  }

  /** Processes a point as a separate record. */
  put({ point, eventTimeMs, arrivalTimeMs }: TimedPoint): Became {
    this.#sequence += 1;
    this.#lastArrivalMs = arrivalTimeMs;
    const record = {
      sequenceNumber: String(this.#sequence),
      partitionKey: '',
      arrivalTimeMs,
      data: new TextEncoder().encode(
        JSON.stringify({
          MeasureName: point.measure,
          MeasureValue: point.value,
          MeasureValueType: point.type,
          Time: eventTimeMs,
          ...point.dimensions,
        }),
      ),
    };
    let became: Became = { outcome: 'refused' };
    this.#folder.fold(record, {
      point: (outcome) => (became = { outcome }),
      refused: ({ detail }) => (became = { outcome: 'refused', detail }),
    });
    return became;
  }

  /** The partials at the end of a batch. */
  endBatch(): readonly WindowPartial[] {
    return overTheWire(this.#operator.drain());
  }

  /** The partials of a clock tick. */
  tick(nowMs: number): readonly WindowPartial[] {
    const { outOfOrderness, idleAfter } = this.#settings;
    const isIdle = nowMs - this.#lastArrivalMs >= idleAfter;
    return [
      ...(isIdle ? overTheWire(this.#operator.fire('idle', nowMs - outOfOrderness)) : []),
      ...overTheWire(this.#operator.tick(nowMs)),
    ];
  }

  /** The partials left when nothing more will arrive. */
  end(): readonly WindowPartial[] {
    return overTheWire(this.#operator.fire('idle', Number.POSITIVE_INFINITY));
  }
}

/** Partials as upsert-writer receives them. */
function overTheWire(partials: Iterable<WindowPartial>): readonly WindowPartial[] {
  return [...partials].flatMap((partial) => {
    const line = encodeResultsLine({ kind: 'partial', partial });
    return [...decodeResultsRecord(new TextEncoder().encode(line))].flatMap((decoded) =>
      decoded.ok && decoded.line.kind === 'partial' ? [decoded.line.partial] : [],
    );
  });
}
