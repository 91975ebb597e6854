import type { RowKind, Series, WindowPartial } from '@highwater/model';

/** What a source contributes, as far as it has been heard. */
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
  partials: readonly SourcePartial[];
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

/** @returns whether the row includes more now than before */
export function joinSource(row: ViewRow, partial: SourcePartial): boolean {
  const known = row.partials.find(({ source }) => source === partial.source);
  if (known && known.contributions >= partial.contributions) return false;
  row.partials = row.partials.filter((each) => each !== known).concat(partial);
  return true;
}
