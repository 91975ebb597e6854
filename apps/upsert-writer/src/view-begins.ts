import type { ViewBegin } from '@highwater/model';

/** The last revision that a source has reported for a view. */
export type ToldRevision = readonly [view: string, revision: number];

/** A raise as it is stored: the latest start that a source has reported, `null` when none has. */
export type RaiseState = readonly [
  view: string,
  revision: number,
  latestMs: number | null,
  isComplete: 0 | 1,
];

/** A view that was raised while sources were at different positions. */
interface Raise {
  readonly view: string;
  readonly revision: number;
  /** Never falls. */
  latestMs: number;
  /** Every source that was live then has said from when it computes this revision. */
  isComplete: boolean;
}

/**
 * From when the sources compute the views. A source whose view was raised starts after its newest
 * point, so a row of the new revision has points of all sources only after the latest of the
 * starts.
 */
export class ViewBegins {
  /** By source. Nothing is stored for a source that was only named by others. */
  readonly #told = new Map<string, ReadonlyMap<string, number>>();
  readonly #raises = new Map<string, Raise>();

  observe(source: string, views: readonly ViewBegin[]): void {
    const told = new Map(this.#told.get(source));
    for (const { view, revision, beginsAtMs } of views) {
      // A process that still computes the previous revision provides no information.
      told.set(view, Math.max(revision, told.get(view) ?? 0));
      if (beginsAtMs !== null) this.raise(view, revision, beginsAtMs);
    }
    this.#told.set(source, told);
  }

  /**
   * A shard has ended, and a child starts where it did. With two parents, the child starts where
   * the later one did, so the child has reported only the lower of its parents' revisions.
   */
  inherit(parent: string, child: string): void {
    const ofParent = this.#told.get(parent) ?? new Map<string, number>();
    this.#joinTold(child, [...ofParent]);
  }

  end(source: string): void {
    this.#told.delete(source);
  }

  /** Records that a view was raised, and from when a source computes it, if known. */
  raise(view: string, revision: number, beginsAtMs = Number.NEGATIVE_INFINITY): void {
    const key = `${view}\0${revision}`;
    const known = this.#raises.get(key);
    if (known) known.latestMs = Math.max(known.latestMs, beginsAtMs);
    else this.#raises.set(key, { view, revision, latestMs: beginsAtMs, isComplete: false });
  }

  isRaised(view: string, revision: number): boolean {
    return this.#raises.has(`${view}\0${revision}`);
  }

  /** The latest start of a view that a source has reported; −Infinity when it was never raised. */
  latestMs(view: string, revision: number): number {
    return this.#raises.get(`${view}\0${revision}`)?.latestMs ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * Live sources that have not said from when they compute a raised view.
   *
   * A source that is first named after the raise is complete, and has not reported, is a child of
   * sources that have, so nobody waits for it.
   */
  waitsFor(view: string, revision: number, live: Iterable<string>): readonly string[] {
    const raise = this.#raises.get(`${view}\0${revision}`);
    return raise ? [...live].filter((source) => this.#isAwaited(raise, source)) : [];
  }

  /** Call this when the live sources are known. */
  settle(live: ReadonlyMap<string, unknown>): void {
    if (live.size === 0) return;
    for (const raise of this.#raises.values()) {
      if (raise.isComplete) continue;
      raise.isComplete = !this.#isAnyAwaited(raise, live.keys());
    }
  }

  /** Plain data, for a snapshot. */
  saveTold(source: string): readonly ToldRevision[] | null {
    const told = this.#told.get(source);
    return told ? [...told] : null;
  }

  /** Plain data, for a snapshot. */
  saveRaises(): readonly RaiseState[] {
    return [...this.#raises.values()].map(({ view, revision, latestMs, isComplete }) => [
      view,
      revision,
      Number.isFinite(latestMs) ? latestMs : null,
      isComplete ? 1 : 0,
    ]);
  }

  /**
   * Joins a result of `saveTold`. If two differ, the lower one wins, because every source reports
   * it again.
   */
  joinTold(source: string, told: readonly ToldRevision[] | null): void {
    if (told) this.#joinTold(source, told);
  }

  /** Joins a result of `saveRaises`. */
  joinRaises(raises: readonly RaiseState[]): void {
    for (const [view, revision, latestMs, isComplete] of raises) {
      this.raise(view, revision, latestMs ?? undefined);
      const raise = this.#raises.get(`${view}\0${revision}`);
      if (raise && isComplete === 1) raise.isComplete = true;
    }
  }

  #isAnyAwaited(raise: Raise, sources: Iterable<string>): boolean {
    for (const source of sources) if (this.#isAwaited(raise, source)) return true;
    return false;
  }

  #isAwaited({ view, revision, isComplete }: Raise, source: string): boolean {
    const told = this.#told.get(source)?.get(view);
    return told === undefined ? !isComplete : told < revision;
  }

  #joinTold(source: string, told: readonly ToldRevision[]): void {
    const known = this.#told.get(source);
    const both = known
      ? told.flatMap(([view, revision]): ToldRevision[] => {
          const other = known.get(view);
          return other === undefined ? [] : [[view, Math.min(revision, other)]];
        })
      : told;
    this.#told.set(source, new Map(both));
  }
}
