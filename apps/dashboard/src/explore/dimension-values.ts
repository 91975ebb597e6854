import type { Clock, RowReader, SeriesChoice } from '@highwater/model';

/** Values of a dimension, sorted. */
export interface FoundValues {
  readonly values: readonly string[];
  readonly isTruncated: boolean;
}

/** Maximum cached values of one dimension. If a dimension has more, the store searches them. */
const valuesMax = 10_000;
/** Maximum age of values, which only help to choose. */
const keptMs = 30_000;
const keptMax = 64;

interface Kept {
  readonly atMs: number;
  readonly values: Promise<FoundValues>;
}

/**
 * The values of dimensions, read once and searched in memory, so that search results appear as the
 * user types, whatever the number of series.
 */
export class DimensionValues {
  readonly #reader: RowReader;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(reader: RowReader, clock: Clock) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /**
   * The values of a dimension among the series that match the other dimensions, so that a choice
   * always has results.
   *
   * @param search part of the value, ignoring case; empty for all
   */
  async find(
    dimension: string,
    choice: SeriesChoice,
    { search, limit, signal }: { search: string; limit: number; signal: AbortSignal },
  ): Promise<FoundValues> {
    const all = await this.#all(dimension, choice);
    signal.throwIfAborted();
    if (search !== '' && all.isTruncated) {
      return this.#read(dimension, choice, { search, limit, signal });
    }
    const wanted = search.toLowerCase();
    const found: string[] = [];
    for (const value of all.values) {
      if (!value.toLowerCase().includes(wanted)) continue;
      if (found.length === limit) return { values: found, isTruncated: true };
      found.push(value);
    }
    return { values: found, isTruncated: all.isTruncated };
  }

  #all(dimension: string, choice: SeriesChoice): Promise<FoundValues> {
    const { [dimension]: _own, ...filters } = choice.filters;
    const rounded = roundedOut({ ...choice, filters });
    const key = JSON.stringify([dimension, rounded]);
    const nowMs = this.#clock.monotonicMs();
    const known = this.#kept.get(key);
    if (known && nowMs - known.atMs < keptMs) return known.values;
    // Others may wait for the same request, so the first caller must not abort it for them.
    const { signal } = new AbortController();
    const values = this.#read(dimension, rounded, { search: '', limit: valuesMax, signal });
    this.#kept.delete(key);
    this.#kept.set(key, { atMs: nowMs, values });
    values.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    return values;
  }

  async #read(
    dimension: string,
    choice: SeriesChoice,
    { search, limit, signal }: { search: string; limit: number; signal: AbortSignal },
  ): Promise<FoundValues> {
    const { [dimension]: _own, ...filters } = choice.filters;
    const { items, isTruncated } = await this.#reader.dimensionValues(
      dimension,
      { ...choice, filters },
      search,
      { rowsMax: limit, signal },
    );
    return { values: items, isTruncated };
  }
}

/** Rounds a range that moves with the clock, so that its values can be cached for a while. */
function roundedOut(choice: SeriesChoice): SeriesChoice {
  const { fromMs, toMs } = choice;
  const stepMs = Math.max(1, Math.min(60_000, Math.floor((toMs - fromMs) / 5)));
  return {
    ...choice,
    fromMs: Math.floor(fromMs / stepMs) * stepMs,
    toMs: Math.ceil(toMs / stepMs) * stepMs,
  };
}
