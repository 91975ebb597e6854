import { LeaseTableError, type Lease, type LeaseStore } from '@highwater/kinesis';
import type { FaultPlan, SeededRandom, SimulatedClock } from '@highwater/testkit';
import type { Clock } from '@highwater/model';

/** Shares of the calls, in addition to those of the plan. */
export interface LeaseFaultRates {
  /** Aborted by their caller, and done by the store up to `lateMsMax` later. */
  readonly late: number;
  readonly lateMsMax: number;
  /**
   * Answered as if their condition had not held, one half of them after they were done. Not for
   * calls that create or remove a lease, because nobody could detect such an error.
   */
  readonly refuted: number;
}

/** Faults of the calls to the lease table. */
export interface LeaseFaults {
  readonly plan: FaultPlan;
  readonly random: SeededRandom;
  readonly rates: LeaseFaultRates;
  /** As the worker sees it. */
  readonly clock: Pick<Clock, 'sleep'>;
  /** The network's faults: a call in progress continues when its sender has died. */
  readonly network: SimulatedClock;
}

/** The lease table is slow, refuses, does not answer, or does what it was asked when nobody waits. */
export function faultyLeases(leases: LeaseStore, faults: LeaseFaults): LeaseStore {
  const { plan, random, rates, clock, network } = faults;
  const isHealed = () => plan.rates.fail === undefined;

  const disturb = async <T>(call: () => Promise<T>): Promise<T> => {
    const fault = plan.nextFault();
    const delayMs = Math.min(2_000, plan.nextDelayMs());
    if (delayMs > 0) await clock.sleep(delayMs);
    if (fault === 'throttle' || fault === 'fail') throw unreachable(fault);
    const reply = await call();
    if (fault === 'lose_reply') throw unreachable(fault);
    return reply;
  };

  const maybeLate = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isHealed() || !random.chance(rates.late)) return disturb(call);
    const lateMs = random.int(1, rates.lateMsMax);
    void network.sleep(lateMs).then(call);
    throw unreachable('lose_reply');
  };

  const maybeRefuted = async <T>(call: () => Promise<T | undefined>): Promise<T | undefined> => {
    if (isHealed() || !random.chance(rates.refuted)) return maybeLate(call);
    if (random.chance(0.5)) await disturb(call);
    return undefined;
  };

  return {
    list: () => disturb(() => leases.list()),
    create: (lease) => maybeLate(() => leases.create(lease)),
    take: (seen, owner) => maybeRefuted(() => leases.take(seen, owner)),
    renew: (held) => maybeRefuted(() => leases.renew(held)),
    checkpoint: (held, checkpoint) => maybeRefuted(() => leases.checkpoint(held, checkpoint)),
    request: (seen, by) => maybeRefuted(() => leases.request(seen, by)),
    release: (held, heir) => maybeLate(() => leases.release(held, heir)),
    remove: (seen) => maybeLate(() => leases.remove(seen)),
  };
}

/** The lease table does not answer. */
export function unreachable(fault: string): LeaseTableError {
  const name = fault === 'throttle' ? 'ThrottlingException' : 'TimeoutError';
  return new LeaseTableError('reaching', 'leases', Object.assign(new Error(fault), { name }));
}

/** Invariants of every successful write, whoever sent it and whenever it arrived. */
export class LeaseWatch {
  readonly faults: string[] = [];
  readonly #leases: LeaseStore;
  readonly #moved = new Map<
    string,
    { readonly epoch: number; readonly owner: string | undefined }
  >();

  constructor(leases: LeaseStore) {
    this.#leases = leases;
  }

  /** The same leases, watched. */
  watched(): LeaseStore {
    const leases = this.#leases;
    return {
      list: () => leases.list(),
      create: (lease) => leases.create(lease),
      take: async (seen, owner) => {
        const taken = await leases.take(seen, owner);
        if (taken) await this.#watchTake(taken);
        return taken;
      },
      renew: (held) => leases.renew(held),
      checkpoint: async (held, checkpoint) => {
        const written = await leases.checkpoint(held, checkpoint);
        if (written) this.#watchCheckpoint(written);
        return written;
      },
      request: (seen, by) => leases.request(seen, by),
      release: (held, heir) => leases.release(held, heir),
      remove: (seen) => leases.remove(seen),
    };
  }

  /** Children never before their parents. */
  async #watchTake(taken: Lease): Promise<void> {
    const unfinished = (await this.#leases.list()).filter(
      ({ shardId, checkpoint }) =>
        taken.parentShardIds.includes(shardId) && checkpoint.position.type !== 'SHARD_END',
    );
    if (unfinished.length > 0) this.faults.push(`${taken.shardId} was taken before its parents`);
  }

  /** No two owners in one epoch, and no owner of an epoch after one of a later epoch. */
  #watchCheckpoint({ shardId, epoch, owner }: Lease): void {
    const last = this.#moved.get(shardId);
    this.#moved.set(shardId, { epoch, owner });
    if (!last || epoch > last.epoch || (epoch === last.epoch && owner === last.owner)) return;
    this.faults.push(
      `${owner} moved ${shardId} in epoch ${epoch} after ${last.owner} in ${last.epoch}`,
    );
  }
}
