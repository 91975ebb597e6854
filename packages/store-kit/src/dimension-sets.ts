import { HashTable, hashDimensions, isSameDimensions, type Dimension } from '@highwater/model';
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
 * so what is done once a set is almost free. The canonical text of a set is made once, not for each row:
 * rows find their set by a hash, and are compared in full.
 *
 * A dimension with an empty value is left out: to Timestream a missing dimension and an empty one
 * are both "no value", and it has refused whole requests for an empty one.
 */
export class DimensionSets {
  readonly #table = new HashTable();
  /** Lists as rows gave them, and the set of each, by their number in the table. */
  readonly #given: (readonly Dimension[])[] = [];
  readonly #sets: DimensionSet[] = [];
  readonly #bySortKey = new Map<string, DimensionSet>();

  of(given: readonly Dimension[]): DimensionSet {
    const hash = hashDimensions(given);
    const isGiven = (id: number) => isSameDimensions(this.#given[id] ?? [], given);
    const known = this.#sets[this.#table.find(hash, isGiven)];
    if (known) return known;
    const set = this.#canonicalSet(given);
    // One that too many others collide with is found by its text every time.
    if (this.#table.put(hash, this.#sets.length)) {
      this.#given.push(given);
      this.#sets.push(set);
    }
    return set;
  }

  #canonicalSet(given: readonly Dimension[]): DimensionSet {
    const dimensions = canonicalDimensions(given);
    const sortKey = keyOf(dimensions);
    const known = this.#bySortKey.get(sortKey);
    if (known) return known;
    const detail = checkDimensions(dimensions);
    const refusal = detail === undefined ? undefined : invalid(detail);
    const set = { id: this.#bySortKey.size, sortKey, dimensions, refusal };
    this.#bySortKey.set(sortKey, set);
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
