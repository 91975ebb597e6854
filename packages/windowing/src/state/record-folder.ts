import {
  decodeRecord,
  PointTemplates,
  type Decoded,
  type Point,
  type Series,
  type StreamRecord,
} from '@highwater/model';
import type { PointOutcome, WindowOperator } from './window-operator.ts';

/** The outcome of each element of a record, reported as it happens. Elements are counted from 0. */
export interface FoldListener {
  point(outcome: PointOutcome, eventTimeMs: number, index: number, series: Series): void;
  refused(refusal: Extract<Decoded, { ok: false }>): void;
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
    const { value, isWhole, timeMs } = templates;
    const series = templates.seriesOf(id);
    const outcome = this.#operator.addTo(id, series, value, isWhole, timeMs, record);
    listener.point(outcome, timeMs, 0, series);
  }

  #foldDecoded(record: StreamRecord, listener: FoldListener): void {
    let only: Point | undefined;
    for (const decoded of decodeRecord(record.data)) {
      only = undefined;
      if (!decoded.ok) {
        listener.refused(decoded);
        continue;
      }
      const { point, index } = decoded;
      listener.point(this.#operator.add(point, record), point.timeMs, index, point.series);
      if (index === 0) only = point;
    }
    if (!only) return;
    const series = this.#operator.series.share(only.series);
    this.#templates.learn(record.data, { ...only, series });
  }
}
