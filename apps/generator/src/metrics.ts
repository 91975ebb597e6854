import { Counter, type Registry } from 'prom-client';

/** Every metric the generator owns. */
export function defineGeneratorMetrics(registry: Registry) {
  const registers = [registry];
  return {
    points: new Counter({
      name: 'generator_points_sent_total',
      help: 'Points that the stream has accepted, duplicates included.',
      registers,
    }),
    latePoints: new Counter({
      name: 'generator_late_points_total',
      help: 'Points of the fleet made late on purpose; points of a file behind the newest one sent by more than the out-of-orderness.',
      registers,
    }),
    duplicates: new Counter({
      name: 'generator_duplicate_points_total',
      help: 'Points sent a second time on purpose.',
      registers,
    }),
    rounds: new Counter({
      name: 'generator_rounds_total',
      help: 'Times that every series of the fleet was sent.',
      registers,
    }),
    badLines: new Counter({
      name: 'generator_bad_lines_total',
      help: 'Lines of the file that are no points, by reason.',
      labelNames: ['reason'], // Closed set: LineRefusal.
      registers,
    }),
  };
}
export type GeneratorMetrics = ReturnType<typeof defineGeneratorMetrics>;
