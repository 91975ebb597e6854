import { HashTable, hashDimensions, isSameDimensions, type Dimension } from '@highwater/model';
import { checkDimensions } from './check-dimensions.ts';
import { invalid, type Refusal } from './refusal.ts';

/** Dimensions in the canonical form in which they are compared and sent. */
export interface DimensionSet {
  /** Equal exactly for equal sets. Short, because many rows have it in their identity. */
  readonly id: number;
  /** Sort key that makes sets with much in common neighbors. */
  readonly sortKey: string;
  /** Sorted by name, without dimensions that have no value. One array per set. */
  readonly dimensions: readonly Dimension[];
  /** The reason why Timestream would reject it. */
  readonly refusal: Refusal | undefined;
}

/**
 * The distinct sets of dimensions of one write call. The rows have few distinct sets, each in many
 * rows, so work done once per set is almost free. The canonical text of a set is built once, not
 * for each row: rows find their set by a hash, and are then compared in full.
 *
 * A dimension with an empty value is left out. To Timestream, a missing dimension and an empty one
 * both mean "no value", and it has rejected whole requests because of an empty one.
 */
export class DimensionSets {
  readonly #table = new HashTable();
  /** Lists as rows gave them, and the set of each, by their index in the table. */
  readonly #given: (readonly Dimension[])[] = [];
  readonly #sets: DimensionSet[] = [];
  readonly #bySortKey = new Map<string, DimensionSet>();

  of(given: readonly Dimension[]): DimensionSet {
    const hash = hashDimensions(given);
    const isGiven = (id: number) => isSameDimensions(this.#given[id] ?? [], given);
    const known = this.#sets[this.#table.find(hash, isGiven)];
    if (known) return known;
    const set = this.#canonicalSet(given);
    // A list that collides with too many others is always found by its text.
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
