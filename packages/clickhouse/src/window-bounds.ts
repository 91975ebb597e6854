import type { Dimension } from '@highwater/model';

/** A window as view rows name it, ms since the epoch. */
export interface WindowBounds {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The window of a row, where its dimensions `window_start` and `window_end` are written as view rows
 * write them, so that the numbers say all that the texts say.
 *
 * @returns undefined for all other rows: their dimensions are kept as they are
 */
export function windowOf(dimensions: readonly Dimension[]): WindowBounds | undefined {
  const startMs = boundMs(dimensions.find(({ name }) => name === 'window_start')?.value);
  const endMs = boundMs(dimensions.find(({ name }) => name === 'window_end')?.value);
  // A window that is nowhere stands for none.
  if (startMs === undefined || endMs === undefined || endMs === 0) return undefined;
  return { startMs, endMs };
}

/** Windows come in few distinct bounds, many rows each. */
const knownMax = 1_000;
const known = new Map<string, number | undefined>();

function boundMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = known.get(text);
  if (ms !== undefined || known.has(text)) return ms;
  const parsed = parseBound(text);
  if (known.size >= knownMax) known.clear();
  known.set(text, parsed);
  return parsed;
}

const boundText = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;
/** The end of what the engine's type holds. */
const lastMs = Date.UTC(2262, 0, 1);

function parseBound(text: string): number | undefined {
  if (!boundText.test(text)) return undefined;
  const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
  return ms >= 0 && ms < lastMs && windowBoundText(ms) === text ? ms : undefined;
}

/** `yyyy-MM-dd HH:mm:ss.SSS` in UTC. */
export function windowBoundText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
}
