import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { leaseChange } from './lease-change.ts';
import type { Checkpoint, Lease, LeaseStore, NewLease } from './lease-store.ts';

const suffix = '.lease.json';

/**
 * Keeps leases as files, one a shard, for one worker process at a time: writes are serialised and
 * conditional within the process only.
 */
export class DirectoryLeaseStore implements LeaseStore {
  readonly #directory: string;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the directory when it is not there. */
  static async open(directory: string): Promise<DirectoryLeaseStore> {
    await mkdir(directory, { recursive: true });
    return new DirectoryLeaseStore(directory);
  }

  async list(): Promise<readonly Lease[]> {
    const names = await readdir(this.#directory);
    const shardIds = names
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length));
    const leases = await Promise.all(shardIds.map((shardId) => this.#read(shardId)));
    return leases.filter((lease) => lease !== undefined);
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

  remove(seen: Lease): Promise<void> {
    return this.#serially(async () => {
      const current = await this.#read(seen.shardId);
      if (leaseChange.isRemovable(current, seen)) await rm(this.#path(seen.shardId));
    });
  }

  #change(
    { shardId }: NewLease,
    change: (current: Lease | undefined) => Lease | undefined,
  ): Promise<Lease | undefined> {
    return this.#serially(async () => {
      const changed = change(await this.#read(shardId));
      if (changed) await writeDurably(this.#path(shardId), JSON.stringify(changed));
      return changed;
    });
  }

  async #read(shardId: string): Promise<Lease | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(shardId), 'utf8')) as Lease;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(shardId: string): string {
    return join(this.#directory, `${shardId}${suffix}`);
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
