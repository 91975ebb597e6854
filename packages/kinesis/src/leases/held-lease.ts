import type { Clock } from '@highwater/model';
import { LeaseLostError } from '../errors.ts';
import type { Lease } from './lease-store.ts';

const confirmIntervalMs = 100;

/**
 * A lease that this worker has taken, shared by the keeper that renews it and the runner that reads
 * under it. Created by the keeper at a take, and useless after `lost`.
 */
export class HeldLease {
  /** The lease as it was taken. Owner and epoch are the fence of every write. */
  readonly lease: Lease;
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #lost = new AbortController();
  readonly #asked = new AbortController();
  #provenMs: number;
  #heir: string | undefined;

  /**
   * @param provenMs when the take was sent, monotonic: from then on, this worker owned the lease
   * @param durationMs how long after a proof no other worker can have taken it; infinite for a
   * single worker
   */
  constructor(lease: Lease, clock: Clock, provenMs: number, durationMs: number) {
    this.lease = lease;
    this.#clock = clock;
    this.#provenMs = provenMs;
    this.#durationMs = durationMs;
  }

  /** Aborts when another worker has the lease. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Aborts when another worker has asked for the lease. */
  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  /** The worker that has asked for it. */
  get heir(): string | undefined {
    return this.#heir;
  }

  /** When the last successful write was sent, monotonic. */
  get provenMs(): number {
    return this.#provenMs;
  }

  /** Records a successful write of this worker; `sentMs` is when it was sent, not answered. */
  prove(sentMs: number): void {
    this.#provenMs = Math.max(this.#provenMs, sentMs);
  }

  ask(heir: string): void {
    this.#heir ??= heir;
    this.#asked.abort(new Error(`handing ${this.lease.shardId} over to ${heir}`));
  }

  lose(): void {
    this.#lost.abort(new LeaseLostError(this.lease.shardId, this.lease.epoch));
  }

  /**
   * Resolves immediately while no other worker can have the lease. After a long pause, or while the
   * lease table is unreachable, it resolves only when a renewal has proved that this worker still
   * owns the lease. Until then, nothing may be processed.
   *
   * @throws {LeaseLostError} when another worker has it; the signal's reason when it aborts first
   */
  async confirm(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#lost.signal.aborted) throw this.#lost.signal.reason;
      if (this.#clock.monotonicMs() - this.#provenMs < this.#durationMs) return;
      await this.#clock.sleep(confirmIntervalMs, signal);
    }
  }
}
