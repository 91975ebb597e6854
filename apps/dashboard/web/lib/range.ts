import { computed } from '@preact/signals';
import { serverNowMs } from './clock.ts';
import { place, show } from './url-state.ts';

/** A span of time, `[fromMs, toMs]`. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Ranges that end now. */
export const presets = [
  { name: '5m', label: '5m', sizeMs: 300_000 },
  { name: '15m', label: '15m', sizeMs: 900_000 },
  { name: '1h', label: '1h', sizeMs: 3_600_000 },
  { name: '6h', label: '6h', sizeMs: 21_600_000 },
  { name: '24h', label: '24h', sizeMs: 86_400_000 },
  { name: '7d', label: '7d', sizeMs: 604_800_000 },
] as const;

const shortestMs = 100;
/** The latest valid date. */
const lastMs = 8.64e15;

/** A moment from the address; undefined when it is missing or invalid. */
export function readMoment(text: string | null): number | undefined {
  const timeMs = Math.round(Number(text));
  return timeMs > 0 && timeMs <= lastMs ? timeMs : undefined;
}

/** The chosen range: one that moves with time, or a fixed one. */
export const range = computed(() => {
  const { query } = place.value;
  const fromMs = readMoment(query.get('from'));
  const toMs = readMoment(query.get('to'));
  if (fromMs !== undefined && toMs !== undefined && toMs > fromMs)
    return { kind: 'fixed', fromMs, toMs } as const;
  const name = query.get('range') ?? '15m';
  const preset = presets.find((each) => each.name === name) ?? presets[1];
  return { kind: 'moving', ...preset } as const;
});

/** The current meaning of the range. */
export function currentSpan(): Span {
  const chosen = range.peek();
  if (chosen.kind === 'fixed') return { fromMs: chosen.fromMs, toMs: chosen.toMs };
  const toMs = serverNowMs();
  return { fromMs: toMs - chosen.sizeMs, toMs };
}

/** Shows exactly a span. The back button, and a double click, return to the previous one. */
export function showSpan({ fromMs, toMs }: Span): void {
  if (toMs - fromMs < shortestMs) return;
  show(
    {
      from: String(Math.max(1, Math.round(fromMs))),
      to: String(Math.min(lastMs, Math.round(toMs))),
      range: null,
      known: null,
    },
    true,
  );
}

/** Shows the last minutes or hours, up to now. */
export function showPreset(name: string): void {
  show({ range: name, from: null, to: null, known: null }, true);
}
