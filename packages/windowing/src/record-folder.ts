import {
  decodeRecord,
  PointTemplates,
  type Decoded,
  type Series,
  type StreamRecord,
} from '@highwater/model';
import type { PointOutcome, WindowOperator } from './window-operator.ts';

/** What became of each element of a record, told as it happens. */
export interface FoldListener {
  point(outcome: PointOutcome, eventTimeMs: number, record: StreamRecord, series: Series): void;
  refused(refusal: Extract<Decoded, { ok: false }>, record: StreamRecord): void;
}

/**
 * Folds raw records into an operator. Records of series that were seen before are recognised by
 * their bytes and make no objects; all others are decoded as JSON, to the same result.
 */
export class RecordFolder {
  readonly #operator: WindowOperator;
  readonly #templates: PointTemplates;
  #sweepsCount = 0;

  constructor(operator: WindowOperator, templates = new PointTemplates()) {
    this.#operator = operator;
    this.#templates = templates;
  }

  fold(record: StreamRecord, listener: FoldListener): void {
    this.#fold(record, listener);
    // More of an aggregate may come, perhaps in another batch.
    if (record.subSequenceNumber === undefined) this.#operator.endRecord();
  }

  #fold(record: StreamRecord, listener: FoldListener): void {
    const templates = this.#templates;
    const id = templates.match(record.data);
    if (id < 0) {
      this.#foldDecoded(record, listener);
      return;
    }
    if (this.#sweepsCount !== templates.sweepsCount) {
      this.#sweepsCount = templates.sweepsCount;
      this.#operator.forgetRoutes();
    }
    const { value, timeMs } = templates;
    const series = templates.seriesOf(id);
    const outcome = this.#operator.addTo(id, series, value, timeMs, record);
    listener.point(outcome, timeMs, record, series);
  }

  #foldDecoded(record: StreamRecord, listener: FoldListener): void {
    const elements = decodeRecord(record.data);
    for (const decoded of elements) {
      if (!decoded.ok) {
        listener.refused(decoded, record);
        continue;
      }
      const { point } = decoded;
      listener.point(this.#operator.add(point, record), point.timeMs, record, point.series);
      if (elements.length > 1) continue;
      const series = this.#operator.series.share(point.series);
      this.#templates.learn(record.data, { ...point, series });
    }
  }
}
