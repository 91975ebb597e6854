import { seriesKey, type Row, type Series } from '@highwater/model';
import { cleanupTimeMs, type TimeWindow } from '../time-window.ts';
import type { View } from '../views/view.ts';
import { fillGap, gapSide, type Gap, type GapSide } from './fill-gap.ts';
import { foldPlaced } from './fold-row.ts';
import type { OpenRows, PlacedRow } from './open-rows.ts';

/** The latest forgotten row of a series: a gap may start at it. */
export interface Anchor extends GapSide {
  readonly view: View;
  readonly series: Series;
}

/** How many anchors were dropped, and why. */
export interface AnchorsLetGo {
  /** Every gap that could start at them would be too long by now. */
  readonly expired: number;
  /** To stay within the limit. Gaps that start at them stay open. */
  readonly bound: number;
}

/**
 * Finds the gaps next to rows that were written, and fills them. It sees the open rows, and the latest
 * forgotten row of each series. Its results are a function of the rows alone, whatever their order. A
 * row that falls into a gap splits it into two narrower ones.
 */
export class GapFiller {
  readonly #open: OpenRows;
  /**
   * By view and series, in the order of their times. One entry each, except for the rows of this
   * batch.
   */
  readonly #anchors = new Map<string, Anchor[]>();
  readonly #touched = new Set<string>();
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  constructor(open: OpenRows) {
    this.#open = open;
  }

  get anchorsCount(): number {
    return this.#anchors.size;
  }

  get anchors(): readonly Anchor[] {
    return [...this.#anchors.values()].flat();
  }

  /** Takes note of rows that are not open any more, and are stored. */
  forget(forgotten: readonly PlacedRow[]): void {
    for (const placed of forgotten) {
      const { view, window } = placed.place;
      if (!view.fill) continue;
      this.anchor({ view, series: placed.row.series, ...gapSide(window, foldPlaced(placed)) });
    }
  }

  /** Adds anchors from `forget` or a snapshot; of two for one window, the larger one wins. */
  anchor(anchor: Anchor): void {
    const key = keyOf(anchor.view, seriesKey(anchor.series));
    const anchors = this.#anchors.get(key) ?? [];
    const place = placeOf(anchors, anchor.window.startMs);
    const known = anchorAt(anchors, anchor.window.startMs);
    if (known && known.contributions >= anchor.contributions) return;
    anchors.splice(place, known ? 1 : 0, anchor);
    // Added anew, so that the map is in the order in which anchors came.
    this.#anchors.delete(key);
    this.#anchors.set(key, anchors);
    this.#touched.add(key);
  }

  /** The rows that fill the gaps next to rows that the store has now, each gap once. */
  fillBeside(written: readonly PlacedRow[]): readonly Row[] {
    const gaps = new Map<string, Gap>();
    for (const placed of written) {
      const { view } = placed.place;
      if (!view.fill) continue;
      const key = seriesKey(placed.row.series);
      for (const gap of this.#gapsBeside(placed, key)) {
        gaps.set(`${keyOf(view, key)}\0${gap.before.window.startMs}`, gap);
      }
    }
    return [...gaps.values()].flatMap(fillGap);
  }

  /**
   * Drops the anchors at which no gap can start any more. Call this when the rows of a batch have been
   * written, and the rows that fill the gaps next to them.
   *
   * @param anchorsMax limit on anchors; beyond it, the oldest are dropped
   */
  settle(anchorsMax: number): AnchorsLetGo {
    for (const key of this.#touched) {
      const latest = this.#anchors.get(key)?.at(-1);
      if (!latest) continue;
      this.#anchors.set(key, [latest]);
      this.#nextExpiryMs = Math.min(this.#nextExpiryMs, expiryMs(latest));
    }
    this.#touched.clear();
    const expired = this.#expire();
    let bound = 0;
    for (const key of this.#anchors.keys()) {
      if (this.#anchors.size <= anchorsMax) break;
      this.#anchors.delete(key);
      bound += 1;
    }
    return { expired, bound };
  }

  #expire(): number {
    const { forgottenToMs } = this.#open;
    if (forgottenToMs < this.#nextExpiryMs) return 0;
    const before = this.#anchors.size;
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [key, [anchor]] of this.#anchors) {
      const atMs = anchor ? expiryMs(anchor) : Number.NEGATIVE_INFINITY;
      if (atMs <= forgottenToMs) this.#anchors.delete(key);
      else this.#nextExpiryMs = Math.min(this.#nextExpiryMs, atMs);
    }
    return before - this.#anchors.size;
  }

  *#gapsBeside(placed: PlacedRow, key: string): Generator<Gap> {
    const { view, window } = placed.place;
    const { series } = placed.row;
    let folded: GapSide | undefined;
    const self = () => (folded ??= gapSide(window, foldPlaced(placed)));
    const left = this.#walk(view, key, window, (from) => view.windows.assign(from.startMs - 1)[0]);
    if (left && left.windows.length > 0) {
      const windows = left.windows.toReversed();
      yield { view, series, before: left.side(), after: self(), windows };
    }
    const right = this.#walk(view, key, window, (from) => view.windows.next?.(from));
    if (right && right.windows.length > 0) {
      yield { view, series, before: self(), after: right.side(), windows: right.windows };
    }
  }

  /** Walks from window to window until it finds a row, and returns the skipped windows. */
  #walk(
    view: View,
    key: string,
    from: TimeWindow,
    step: (window: TimeWindow) => TimeWindow | undefined,
  ): { readonly windows: readonly TimeWindow[]; readonly side: () => GapSide } | undefined {
    const windows: TimeWindow[] = [];
    const maxGapMs = view.fill?.maxGap ?? 0;
    for (let window = step(from); window; window = step(window)) {
      const side = this.#sideAt(view, key, window);
      if (side) return { windows, side };
      windows.push(window);
      // To the left the first is positive, to the right the second.
      const gapMs = Math.max(from.startMs - window.startMs, window.endMs - from.endMs);
      if (gapMs > maxGapMs) return undefined;
    }
    return undefined;
  }

  #sideAt(view: View, key: string, window: TimeWindow): (() => GapSide) | undefined {
    const anchor = anchorAt(this.#anchors.get(keyOf(view, key)) ?? [], window.startMs);
    const place = { view, window, cleanupMs: 0 };
    const row = this.#open.find(place, key);
    // A row that is held back is not stored yet.
    if (!row || row.writtenVersion === 0) return anchor && (() => anchor);
    return () => {
      const folded = gapSide(window, foldPlaced({ place, row }));
      // After a merge of shards, a row may still be open that another shard knew more about.
      return anchor && anchor.contributions > folded.contributions ? anchor : folded;
    };
  }
}

/** The first place of an anchor that does not start earlier: mostly the end. */
function placeOf(anchors: readonly Anchor[], startMs: number): number {
  let [low, high] = [0, anchors.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((anchors[middle]?.window.startMs ?? startMs) < startMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function anchorAt(anchors: readonly Anchor[], startMs: number): Anchor | undefined {
  const anchor = anchors[placeOf(anchors, startMs)];
  return anchor?.window.startMs === startMs ? anchor : undefined;
}

function keyOf({ name, revision }: View, key: string): string {
  return `${name}\0${revision}\0${key}`;
}

/** When the last window that a gap from here could reach is forgotten. */
function expiryMs({ view, window }: Anchor): number {
  const [last] = view.windows.assign(window.endMs + (view.fill?.maxGap ?? 0));
  return last ? cleanupTimeMs(last, view.allowedLatenessMs) : Number.NEGATIVE_INFINITY;
}
