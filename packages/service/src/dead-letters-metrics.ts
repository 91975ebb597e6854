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
    help: 'Of those that were set aside, how many were not kept because the files are full.',
    labelNames: ['stage'],
    registers,
  });
  // There from the start, so that the first one is an increase.
  discarded.inc({ stage }, 0);
  const bound = new Gauge({
    name: 'highwater_dead_letters_max_bytes',
    help: 'Bytes that the files of dead letters may have.',
    labelNames: ['stage'],
    registers,
  });
  bound.set({ stage }, bytesMax);
  const held = new Gauge({
    name: 'highwater_dead_letters_bytes',
    help: 'Bytes that the files of dead letters have; replicas on one machine share them.',
    labelNames: ['stage'],
    registers,
    // Looked at, because a person may empty a file or move it away.
    async collect() {
      this.set({ stage }, await bytesHeld());
    },
  });
  const setAside = new Counter({
    name: 'highwater_dead_letters_total',
    help: 'Points, or records that are none, that were set aside, by service and reason.',
    labelNames: ['stage', 'reason'], // Closed sets, see DeadLetter.
    registers,
  });
  return { discarded, bound, held, setAside };
}
export type DeadLettersMetrics = ReturnType<typeof defineDeadLettersMetrics>;
