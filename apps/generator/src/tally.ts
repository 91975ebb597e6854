import type { LineRefusal } from './file-point.ts';
import type { GeneratorMetrics } from './metrics.ts';

/** The numbers of sent records, counted once for both the metrics and the progress line. */
export class Tally {
  readonly #metrics: GeneratorMetrics;
  points = 0;
  latePoints = 0;
  duplicates = 0;
  rounds = 0;
  badLines = 0;

  constructor(metrics: GeneratorMetrics) {
    this.#metrics = metrics;
  }

  addPoints(count: number): void {
    this.points += count;
    this.#metrics.points.inc(count);
  }

  addLatePoint(): void {
    this.latePoints++;
    this.#metrics.latePoints.inc();
  }

  addDuplicate(): void {
    this.duplicates++;
    this.#metrics.duplicates.inc();
  }

  addRound(): void {
    this.rounds++;
    this.#metrics.rounds.inc();
  }

  addBadLine(reason: LineRefusal): void {
    this.badLines++;
    this.#metrics.badLines.inc({ reason });
  }
}
