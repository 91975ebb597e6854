import type { RowKind, Series, WindowPartial } from '@highwater/model';

/** The latest known contribution of a source. */
export type SourcePartial = Pick<
  WindowPartial,
  'source' | 'accumulator' | 'contributions' | 'lateContributions' | 'newestArrivalTimeMs'
>;

/**
 * An open view row: of each source the partial with the most contributions. Joining is idempotent and
 * commutative, so deliveries may repeat and overtake each other.
 */
export interface ViewRow {
  readonly series: Series;
  readonly kind: RowKind;
  /** One a source; a list, as most rows have one and a map of one takes as much as the row. */
  partials: SourcePartial[];
  /** The index of each source in the list, when there are too many to scan. */
  places?: Map<string, number>;
  /** The version that the store has of it; 0 before the first write. */
  writtenVersion: number;
  /** Only ends of shards have been heard so far: half a window, perhaps, and not to be shown yet. */
  isHeldBack: boolean;
}

/** A new row, before its first partial is joined. */
export function newViewRow(series: Series, kind: RowKind): ViewRow {
  return { series, kind, partials: [], writtenVersion: 0, isHeldBack: true };
}

/** @returns whether the row includes more now than before */
export function joinPartial(row: ViewRow, partial: WindowPartial): boolean {
  if (partial.firing !== 'shard_end') row.isHeldBack = false;
  const { source, accumulator, contributions, lateContributions, newestArrivalTimeMs } = partial;
  return joinSource(row, {
    source,
    accumulator,
    contributions,
    lateContributions,
    newestArrivalTimeMs,
  });
}

/** Most sources of one row that are scanned. */
const fewSourcesMax = 32;

/** @returns whether the row includes more now than before */
export function joinSource(row: ViewRow, partial: SourcePartial): boolean {
  const place = placeOf(row, partial.source);
  const known = row.partials[place];
  if (known && known.contributions >= partial.contributions) return false;
  if (known) row.partials[place] = partial;
  else append(row, partial);
  return true;
}

/** Whether a source has contributed to a row. */
export function hasSource(row: ViewRow, source: string): boolean {
  return placeOf(row, source) >= 0;
}

function placeOf({ partials, places }: ViewRow, source: string): number {
  if (places) return places.get(source) ?? -1;
  return partials.findIndex((each) => each.source === source);
}

function append(row: ViewRow, partial: SourcePartial): void {
  // A list that was appended to in place would keep room for a dozen more.
  if (row.partials.length < fewSourcesMax) {
    row.partials = row.partials.concat(partial);
    return;
  }
  row.places ??= new Map(row.partials.map(({ source }, place) => [source, place]));
  row.places.set(partial.source, row.partials.push(partial) - 1);
}
