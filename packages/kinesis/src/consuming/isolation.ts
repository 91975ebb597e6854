/** How a processor is called: concurrently with other shards, or alone. */
export type IsolationKind = 'together' | 'alone';

interface Waiting {
  readonly kind: IsolationKind;
  readonly enter: () => void;
}

/** Permission to make a call. Dispose it when the call has ended. */
export interface Turn extends Disposable {
  /** Lets concurrent calls of other shards start, because this one may take long. */
  share(): void;
}

/**
 * Lets the shards of a worker process at the same time, or one of them alone. If the process ends
 * during a call that is alone, the record that ended it is known. Calls are admitted first come,
 * first served.
 */
export class Isolation {
  #inside = 0;
  #hasAlone = false;
  readonly #waiting: Waiting[] = [];

  /**
   * Resolves when the call may start.
   *
   * @throws the signal's reason when it aborts first
   */
  async enter(kind: IsolationKind, signal: AbortSignal): Promise<Turn> {
    signal.throwIfAborted();
    if (this.#waiting.length > 0 || !this.#isFreeFor(kind)) await this.#wait(kind, signal);
    else this.#begin(kind);
    let isOver = false;
    return {
      share: () => {
        if (isOver || kind === 'together') return;
        this.#hasAlone = false;
        this.#admit();
      },
      [Symbol.dispose]: () => {
        if (!isOver) this.#leave();
        isOver = true;
      },
    };
  }

  #isFreeFor(kind: IsolationKind): boolean {
    return kind === 'alone' ? this.#inside === 0 : !this.#hasAlone;
  }

  #begin(kind: IsolationKind): void {
    this.#inside += 1;
    this.#hasAlone = kind === 'alone';
  }

  #leave(): void {
    this.#inside -= 1;
    if (this.#inside === 0) this.#hasAlone = false;
    this.#admit();
  }

  #admit(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (!next || !this.#isFreeFor(next.kind)) return;
      this.#waiting.shift();
      this.#begin(next.kind);
      next.enter();
    }
  }

  async #wait(kind: IsolationKind, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { kind, enter: resolve };
    this.#waiting.push(waiting);
    const giveUp = () => {
      const index = this.#waiting.indexOf(waiting);
      // A call that was admitted in the meantime keeps its turn.
      if (index === -1) return;
      this.#waiting.splice(index, 1);
      reject(signal.reason);
      this.#admit();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }
}
