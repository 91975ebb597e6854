import { decodeResultsRecord, encodeResultsLine, type WindowPartial } from '@highwater/model';
import { RecordFolder, WindowOperator, type View } from '@highwater/windowing';
import type { TrialFile, TrialOutcome, TrialPoint } from './trial-schema.ts';

/** A point with its times read. */
export interface TimedPoint {
  readonly point: TrialPoint;
  /** Where it stands in the test. */
  readonly index: number;
  readonly eventTimeMs: number;
  readonly arrivalTimeMs: number;
}

/** What became of a point. */
export interface Became {
  readonly outcome: TrialOutcome;
  /** Why it was refused. */
  readonly detail?: string;
}

/** One shard of the raw stream, and the operator that the aggregator would have for it. */
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

  /** Takes a point as a record of its own. */
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

  /** What the end of a batch emits. */
  endBatch(): readonly WindowPartial[] {
    return overTheWire(this.#operator.drain());
  }

  /** What a look at the clock emits. */
  tick(nowMs: number): readonly WindowPartial[] {
    const { outOfOrderness, idleAfter } = this.#settings;
    const isIdle = nowMs - this.#lastArrivalMs >= idleAfter;
    return [
      ...(isIdle ? overTheWire(this.#operator.fire('idle', nowMs - outOfOrderness)) : []),
      ...overTheWire(this.#operator.tick(nowMs)),
    ];
  }

  /** What is left when nothing more will come. */
  end(): readonly WindowPartial[] {
    return overTheWire(this.#operator.fire('idle', Number.POSITIVE_INFINITY));
  }
}

/** Partials as the upsert writer gets them. */
function overTheWire(partials: Iterable<WindowPartial>): readonly WindowPartial[] {
  return [...partials].flatMap((partial) => {
    const line = encodeResultsLine({ kind: 'partial', partial });
    return [...decodeResultsRecord(new TextEncoder().encode(line))].flatMap((decoded) =>
      decoded.ok && decoded.line.kind === 'partial' ? [decoded.line.partial] : [],
    );
  });
}
