import type { Row, WindowPartial } from '@highwater/model';
import { foldPlaced, GapFiller, OpenRows, type View } from '@highwater/windowing';

/** A stored row, and the view and series it belongs to. */
export interface StoredRow {
  readonly view: string;
  readonly row: Row;
}

/** The rows as upsert-writer joins them and a store with versions keeps them. */
export class TrialTable {
  readonly #views: ReadonlyMap<string, View>;
  readonly #open = new OpenRows();
  readonly #gaps = new GapFiller(this.#open);
  readonly #stored = new Map<string, StoredRow>();

  constructor(views: readonly View[]) {
    this.#views = new Map(views.map((view) => [view.name, view]));
  }

  get rows(): readonly StoredRow[] {
    return [...this.#stored.values()];
  }

  join(partials: readonly WindowPartial[]): void {
    for (const partial of partials) {
      const view = this.#views.get(partial.view);
      if (!view) continue;
      const { place, row } = this.#open.join(view, partial);
      const { rows, version } = foldPlaced({ place, row });
      if (version <= row.writtenVersion) continue;
      row.writtenVersion = version;
      const filled = this.#gaps.fillBeside([{ place, row }]);
      for (const each of [...rows, ...filled]) this.#store(view.name, each);
    }
  }

  #store(view: string, row: Row): void {
    const { measureName, dimensions, time, version } = row;
    const key = JSON.stringify([measureName, time, dimensions]);
    const known = this.#stored.get(key);
    if (!known || known.row.version < version) this.#stored.set(key, { view, row });
  }
}
