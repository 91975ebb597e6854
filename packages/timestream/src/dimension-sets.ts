import type { Dimension } from '@highwater/model';
import { checkDimensions } from './check-dimensions.ts';
import { invalid, type Refusal } from './refusal.ts';

/** Dimensions in the one form they are compared and sent in. */
export interface DimensionSet {
  /** Equal exactly for equal sets; short, because many rows carry it in their identity. */
  readonly id: number;
  /** Sets sort by it so that those with much in common are neighbours. */
  readonly sortKey: string;
  /** Sorted by name, without those that have no value. One array a set. */
  readonly dimensions: readonly Dimension[];
  /** What Timestream would say against it. */
  readonly refusal: Refusal | undefined;
}

/**
 * The distinct sets of dimensions of one write call. Rows come with few of them, each in many rows,
 * so what is done once a set is almost free.
 *
 * A dimension with an empty value is left out: to Timestream a missing dimension and an empty one
 * are both "no value", and it has refused whole requests for an empty one.
 */
export class DimensionSets {
  readonly #byGivenKey = new Map<string, DimensionSet>();

  of(given: readonly Dimension[]): DimensionSet {
    const givenKey = keyOf(given);
    const known = this.#byGivenKey.get(givenKey);
    if (known) return known;
    const dimensions = canonicalDimensions(given);
    const sortKey = keyOf(dimensions);
    const detail = checkDimensions(dimensions);
    const set = this.#byGivenKey.get(sortKey) ?? {
      id: this.#byGivenKey.size,
      sortKey,
      dimensions,
      refusal: detail === undefined ? undefined : invalid(detail),
    };
    this.#byGivenKey.set(sortKey, set);
    this.#byGivenKey.set(givenKey, set);
    return set;
  }
}

function keyOf(dimensions: readonly Dimension[]): string {
  let key = '';
  for (const { name, value } of dimensions) key += `${name}\0${value}\0`;
  return key;
}

function canonicalDimensions(given: readonly Dimension[]): readonly Dimension[] {
  return given
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
