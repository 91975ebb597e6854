import { Counter, Gauge, type Registry } from 'prom-client';

/** Every metric of the dead letters of one service. */
export function defineDeadLettersMetrics(
  registry: Registry,
  { stage, bytesMax }: { readonly stage: string; readonly bytesMax: number },
  bytesHeld: () => Promise<number>,
) {
  const registers = [registry];
  const discarded = new Counter({
    name: 'highwater_dead_letters_discarded_total',
    help: 'Dead letters that were counted but not kept, because the limit was reached.',
    labelNames: ['stage'],
    registers,
  });
  // Exists from the start, so that the first letter is an increase.
  discarded.inc({ stage }, 0);
  const bound = new Gauge({
    name: 'highwater_dead_letters_max_bytes',
    help: 'Maximum size of the dead letters (HW_DEAD_LETTERS_BYTES_MAX).',
    labelNames: ['stage'],
    registers,
  });
  bound.set({ stage }, bytesMax);
  const held = new Gauge({
    name: 'highwater_dead_letters_bytes',
    help: 'Size of the dead letters. Replicas on one machine share them.',
    labelNames: ['stage'],
    registers,
    // Measured each time, because a person may empty a file or move it away.
    async collect() {
      this.set({ stage }, await bytesHeld());
    },
  });
  const setAside = new Counter({
    name: 'highwater_dead_letters_total',
    help: 'Points, and records without points, that went to the dead letters, by service and reason.',
    labelNames: ['stage', 'reason'], // Closed sets, see DeadLetter.
    registers,
  });
  return { discarded, bound, held, setAside };
}
export type DeadLettersMetrics = ReturnType<typeof defineDeadLettersMetrics>;
