import type { SeededRandom } from '@highwater/kinesis-engine/faults';
import type { Row, RowOutcome } from '@highwater/model';
import { contentOf, rowIdentity, type SimulatedStore } from './memory-store.ts';

/** How likely a write is followed by a merge of its row. */
const mergeChance = 0.2;

/**
 * A store in memory that takes every row and says nothing about those that are there. It keeps all
 * versions of a row until it merges them, at random. Readers get the highest version, and of two with
 * the same version the one that came last.
 */
export class MergingStore implements SimulatedStore {
  readonly #versions = new Map<string, readonly Row[]>();
  readonly #conflicts: Row[] = [];
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  get rows(): ReadonlyMap<string, Row> {
    return new Map([...this.#versions].map(([identity, rows]) => [identity, highest(rows)]));
  }

  /** The store does not tell them, but a simulation may look at them. */
  get conflicts(): readonly Row[] {
    return this.#conflicts;
  }

  /** How many versions it has of all rows together. */
  get versionsCount(): number {
    return [...this.#versions.values()].reduce((sum, rows) => sum + rows.length, 0);
  }

  async write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    signal.throwIfAborted();
    await Promise.resolve();
    signal.throwIfAborted();
    for (const row of rows) this.#add(row);
    return rows.map(() => ({ status: 'written' }));
  }

  #add(row: Row): void {
    const identity = rowIdentity(row);
    const known = this.#versions.get(identity) ?? [];
    const isConflict = known.some(
      (each) => each.version === row.version && contentOf(each) !== contentOf(row),
    );
    if (isConflict) this.#conflicts.push(row);
    const all = [...known, row];
    this.#versions.set(identity, this.#random.chance(mergeChance) ? [highest(all)] : all);
  }
}

function highest(rows: readonly Row[]): Row {
  return rows.reduce((best, row) => (row.version >= best.version ? row : best));
}
