import { toNanoseconds, type Row, type RowOutcome, type Store } from '@highwater/model';

/** A store whose content a simulation can look at. */
export interface SimulatedStore extends Store {
  /** What a reader gets: the highest version of each row, by its identity. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Rows whose version was there with another value: always a bug. */
  readonly conflicts: readonly Row[];
}

/**
 * A store in memory with the version rules of Timestream: the highest version wins; the same
 * version is no change if it has the same value, and a conflict if it has another value.
 */
export class MemoryStore implements SimulatedStore {
  readonly #rows = new Map<string, Row>();
  readonly #conflicts: Row[] = [];

  get rows(): ReadonlyMap<string, Row> {
    return this.#rows;
  }

  get conflicts(): readonly Row[] {
    return this.#conflicts;
  }

  async write(rows: readonly Row[], signal: AbortSignal): Promise<readonly RowOutcome[]> {
    signal.throwIfAborted();
    await Promise.resolve();
    signal.throwIfAborted();
    return rows.map((row) => this.writeRow(row));
  }

  /** Writes one row immediately. */
  writeRow(row: Row): RowOutcome {
    const identity = rowIdentity(row);
    const existing = this.#rows.get(identity);
    if (existing === undefined || row.version > existing.version) {
      this.#rows.set(identity, row);
      return { status: 'written' };
    }
    if (row.version < existing.version) {
      return { status: 'already_newer', existingVersion: existing.version };
    }
    if (contentOf(row) === contentOf(existing)) return { status: 'written' };
    this.#conflicts.push(row);
    return {
      status: 'rejected',
      reason: 'version_conflict',
      detail: `version ${row.version} is stored with ${contentOf(existing)}, not ${contentOf(row)}`,
    };
  }
}

/** The whole content of a row, as text. */
export function contentOf({ measureValue, measureValueType, attributes = [] }: Row): string {
  const beside = attributes.map(({ name, type, value }) => `, ${name} ${type} ${value}`).toSorted();
  return `${measureValueType} ${measureValue}${beside.join('')}`;
}

/** The exact identity of a row: measure name, dimensions as a set, and time. */
export function rowIdentity(row: Row): string {
  const dimensions = row.dimensions.map(({ name, value }) => `${name}\0${value}`).toSorted();
  const time = toNanoseconds(row.time, row.timeUnit);
  return [row.measureName, time, ...dimensions].join('\0');
}
