import {
  leaseChange,
  type Checkpoint,
  type Lease,
  type LeaseStore,
  type NewLease,
} from '@highwater/kinesis';

/** Leases in memory, for the workers of one simulation. Every call answers asynchronously. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, Lease>();

  async list(): Promise<readonly Lease[]> {
    await Promise.resolve();
    return [...this.#leases.values()];
  }

  async create(lease: NewLease): Promise<void> {
    await this.#change(lease, (current) => (current ? undefined : leaseChange.create(lease)));
  }

  take(seen: Lease, owner: string): Promise<Lease | undefined> {
    return this.#change(seen, (current) => leaseChange.take(current, seen, owner));
  }

  renew(held: Lease): Promise<Lease | undefined> {
    return this.#change(held, (current) => leaseChange.renew(current, held));
  }

  checkpoint(held: Lease, checkpoint: Checkpoint): Promise<Lease | undefined> {
    return this.#change(held, (current) => leaseChange.checkpoint(current, held, checkpoint));
  }

  request(seen: Lease, by: string): Promise<Lease | undefined> {
    return this.#change(seen, (current) => leaseChange.request(current, seen, by));
  }

  async release(held: Lease, heir?: string): Promise<void> {
    await this.#change(held, (current) => leaseChange.release(current, held, heir));
  }

  async remove(seen: Lease): Promise<void> {
    await Promise.resolve();
    if (leaseChange.isRemovable(this.#leases.get(seen.shardId), seen)) {
      this.#leases.delete(seen.shardId);
    }
  }

  async #change(
    { shardId }: NewLease,
    change: (current: Lease | undefined) => Lease | undefined,
  ): Promise<Lease | undefined> {
    await Promise.resolve();
    const changed = change(this.#leases.get(shardId));
    if (changed) this.#leases.set(shardId, changed);
    return changed;
  }
}
