import { Counter, type Registry } from 'prom-client';

/** Every metric the generator owns. */
export function defineGeneratorMetrics(registry: Registry) {
  const registers = [registry];
  return {
    points: new Counter({
      name: 'generator_points_sent_total',
      help: 'Points that the stream accepted, including duplicates.',
      registers,
    }),
    latePoints: new Counter({
      name: 'generator_late_points_total',
      help: 'Simulated points that were delayed on purpose, and points of a file that are late by more than HW_GENERATOR_OUT_OF_ORDERNESS_MS.',
      registers,
    }),
    duplicates: new Counter({
      name: 'generator_duplicate_points_total',
      help: 'Points that were sent a second time on purpose.',
      registers,
    }),
    rounds: new Counter({
      name: 'generator_rounds_total',
      help: 'Rounds that were sent. A round is one point of each simulated series.',
      registers,
    }),
    badLines: new Counter({
      name: 'generator_bad_lines_total',
      help: 'Lines of the file that were skipped because they are not points, by reason.',
      labelNames: ['reason'], // Closed set: LineRefusal.
      registers,
    }),
  };
}
export type GeneratorMetrics = ReturnType<typeof defineGeneratorMetrics>;
