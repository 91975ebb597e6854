import { HighwaterError, type Clock, type Logger } from '@highwater/model';
import type { ConsumerMetrics } from '../consumer-metrics.ts';
import { HeldLease } from './held-lease.ts';
import { isReady, planLeases, type LeasePlan } from './lease-plan.ts';
import type { Lease, LeaseStore } from './lease-store.ts';
import { tellError, tellRetry, type Step } from '../telling.ts';

/** How workers share shards. */
export interface LeaseSharing {
  /** Another worker may take a lease whose counter has not changed for this long. */
  readonly durationMs: number;
  /** Time between two lists of the leases. A hand-over waits for two of them. */
  readonly intervalMs: number;
}

/** The dependencies of a keeper. */
export interface LeaseKeeperOptions {
  readonly leases: LeaseStore;
  readonly owner: string;
  /** Undefined for the only worker, which takes over immediately and renews nothing. */
  readonly sharing?: LeaseSharing | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  readonly random: () => number;
}

interface Sighting {
  readonly epoch: number;
  readonly counter: number;
  readonly sinceMs: number;
}

/** Concurrent renewals. */
const renewalsMax = 32;
/** A lease is renewed this many times per duration, so that two renewals may fail. */
const renewalsPerDuration = 3;
/** An owner is stuck if it renews but does not hand over for this many durations after a request. */
const overdueDurations = 3;

/**
 * Takes, renews and loses the leases of one worker, in rounds. A worker counts as alive while its
 * counters change, on this worker's own monotonic clock. The clock of another machine is never
 * read.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, HeldLease>();
  readonly #sightings = new Map<string, Sighting>();
  readonly #askedMs = new Map<string, number>();
  #hasTakenOver = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  get heldCount(): number {
    return this.#held.size;
  }

  /** Ends the tenure. Call it when nothing runs under it any more. */
  forget(held: HeldLease): void {
    this.#held.delete(held.lease.shardId);
  }

  /** Renews what is due. Never throws: a failed renewal is retried in the next round. */
  async renew(): Promise<void> {
    const { clock, sharing } = this.#options;
    if (!sharing) return;
    const dueMs = clock.monotonicMs() - sharing.durationMs / renewalsPerDuration;
    const due = [...this.#held.values()].filter((held) => held.provenMs <= dueMs);
    for (let start = 0; start < due.length; start += renewalsMax) {
      await Promise.all(due.slice(start, start + renewalsMax).map((held) => this.#renewOne(held)));
    }
  }

  /**
   * Lists the leases once and takes the leases that this worker should have.
   *
   * @returns the new leases
   * @throws when the store cannot be read
   */
  async acquire(): Promise<readonly HeldLease[]> {
    const { leases: store, clock } = this.#options;
    const leases = await store.list();
    const nowMs = clock.monotonicMs();
    this.#observe(leases, nowMs);
    const plan = this.#plan(leases, nowMs);
    const taken: HeldLease[] = [];
    for (const lease of plan.take) {
      const held = await this.#attempt('take', lease, () => this.#take(lease));
      if (held) taken.push(held);
    }
    for (const lease of plan.request) {
      await this.#attempt('request', lease, () => this.#request(lease));
    }
    if (taken.length === plan.take.length) this.#hasTakenOver = true;
    return taken;
  }

  #plan(leases: readonly Lease[], nowMs: number): LeasePlan {
    const { owner, sharing, random } = this.#options;
    const running = new Set(this.#held.keys());
    if (sharing) {
      const isExpired = (lease: Lease) => this.#isExpired(lease, nowMs, sharing);
      const isOverdue = ({ shardId }: Lease) =>
        nowMs - (this.#askedMs.get(shardId) ?? nowMs) >= sharing.durationMs * overdueDurations;
      return planLeases({ leases, me: owner, running, isExpired, isOverdue, random });
    }
    // When it starts, the only worker takes over from its predecessor, which may not have released
    // its leases. It does not take leases from a worker that started later.
    const take = leases.filter(
      (lease) =>
        !running.has(lease.shardId) &&
        isReady(lease, leases) &&
        (!this.#hasTakenOver || lease.owner === undefined || lease.owner === owner),
    );
    return { take, request: [] };
  }

  #isExpired({ shardId, owner }: Lease, nowMs: number, { durationMs }: LeaseSharing): boolean {
    const sighting = this.#sightings.get(shardId);
    const isSomebodyElse = owner !== undefined && owner !== this.#options.owner;
    return isSomebodyElse && sighting !== undefined && nowMs - sighting.sinceMs >= durationMs;
  }

  /** Records changed counters, lost leases, and requests of other workers. */
  #observe(leases: readonly Lease[], nowMs: number): void {
    const { owner } = this.#options;
    const listed = new Map(leases.map((lease) => [lease.shardId, lease]));
    for (const { shardId, epoch, counter } of leases) {
      const known = this.#sightings.get(shardId);
      if (known?.epoch !== epoch || known.counter !== counter) {
        this.#sightings.set(shardId, { epoch, counter, sinceMs: nowMs });
      }
    }
    for (const [shardId, held] of this.#held) {
      const seen = listed.get(shardId);
      if (!seen || seen.epoch > held.lease.epoch) held.lose();
      else if (seen.owner === owner && seen.wantedBy !== undefined) held.ask(seen.wantedBy);
    }
    for (const shardId of this.#sightings.keys()) {
      if (!listed.has(shardId)) this.#sightings.delete(shardId);
    }
    for (const [shardId] of this.#askedMs) {
      if (listed.get(shardId)?.wantedBy !== owner) this.#askedMs.delete(shardId);
    }
  }

  /**
   * An error of one call must not undo the others of its round, whose leases this worker already
   * owns.
   */
  async #attempt<T>(
    step: Step,
    { shardId }: Lease,
    call: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof HighwaterError) || error.retry === 'never') throw error;
      tellRetry(this.#options, { step, error, fields: { shardId }, isNextRound: true });
      return undefined;
    }
  }

  async #take(lease: Lease): Promise<HeldLease | undefined> {
    const { leases, owner, clock, log, metrics, sharing } = this.#options;
    const { shardId } = lease;
    const sentMs = clock.monotonicMs();
    const taken = await leases.take(lease, owner);
    if (!taken) return undefined;
    const from = this.#takenFrom(lease, sentMs);
    const durationMs = sharing?.durationMs ?? Number.POSITIVE_INFINITY;
    const held = new HeldLease(taken, clock, sentMs, durationMs);
    this.#held.set(shardId, held);
    metrics.leasesTaken.inc({ from });
    log.info({ shardId, leaseEpoch: taken.epoch, from, owner: lease.owner }, 'Acquired the lease.');
    return held;
  }

  /**
   * The previous owner. An owner that was asked names this worker as the owner when it hands over.
   */
  #takenFrom(lease: Lease, nowMs: number): string {
    const { owner: us, sharing } = this.#options;
    if (lease.owner === undefined) return 'nobody';
    if (lease.owner === us) return 'asked_owner';
    const isSilent = !sharing || this.#isExpired(lease, nowMs, sharing);
    return isSilent ? 'silent_owner' : 'stuck_owner';
  }

  async #request(lease: Lease): Promise<void> {
    const { leases, owner, clock, log, metrics } = this.#options;
    if (!(await leases.request(lease, owner))) return;
    this.#askedMs.set(lease.shardId, clock.monotonicMs());
    metrics.leasesRequested.inc();
    log.info({ shardId: lease.shardId, from: lease.owner }, 'Asked the owner for the lease.');
  }

  async #renewOne(held: HeldLease): Promise<void> {
    const { leases, clock } = this.#options;
    const { shardId } = held.lease;
    const sentMs = clock.monotonicMs();
    try {
      const renewed = await leases.renew(held.lease);
      // The runner may have released it during the call.
      if (this.#held.get(shardId) !== held) return;
      if (!renewed) return held.lose();
      held.prove(sentMs);
      if (renewed.wantedBy !== undefined) held.ask(renewed.wantedBy);
    } catch (error) {
      const lateMs = Math.round(clock.monotonicMs() - held.provenMs);
      const failed = { stage: 'renew', error, fields: { shardId, lateMs } };
      tellError(this.#options, failed, 'Renewing the lease failed; retrying.');
    }
  }
}
