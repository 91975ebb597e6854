import type { Checkpoint, Lease, LeaseStore } from '@highwater/kinesis';

/** Leases in memory, for workers of one simulation. Every call answers later, never at once. */
export class MemoryLeaseStore implements LeaseStore {
  readonly #leases = new Map<string, Lease>();

  async list(): Promise<readonly Lease[]> {
    await Promise.resolve();
    return [...this.#leases.values()];
  }

  async create(lease: Lease): Promise<void> {
    await Promise.resolve();
    if (!this.#leases.has(lease.shardId)) this.#leases.set(lease.shardId, lease);
  }

  async take(seen: Lease, owner: string): Promise<Lease | undefined> {
    await Promise.resolve();
    const current = this.#leases.get(seen.shardId);
    if (current?.epoch !== seen.epoch || current.owner !== seen.owner) return undefined;
    return this.#set({ ...current, owner, epoch: current.epoch + 1 });
  }

  async checkpoint(held: Lease, checkpoint: Checkpoint): Promise<Lease | undefined> {
    await Promise.resolve();
    const current = this.#held(held);
    return current && this.#set({ ...current, checkpoint });
  }

  async release(held: Lease): Promise<void> {
    await Promise.resolve();
    const current = this.#held(held);
    if (current) this.#set({ ...current, owner: undefined });
  }

  #held(held: Lease): Lease | undefined {
    const current = this.#leases.get(held.shardId);
    return current?.epoch === held.epoch && current.owner === held.owner ? current : undefined;
  }

  #set(lease: Lease): Lease {
    this.#leases.set(lease.shardId, lease);
    return lease;
  }
}
