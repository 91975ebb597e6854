import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import type { Checkpoint, Lease, LeaseStore } from './lease-store.ts';

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

  create(lease: Lease): Promise<void> {
    return this.#serially(async () => {
      if ((await this.#read(lease.shardId)) === undefined) await this.#write(lease);
    });
  }

  take(seen: Lease, owner: string): Promise<Lease | undefined> {
    return this.#serially(async () => {
      const current = await this.#read(seen.shardId);
      if (current?.epoch !== seen.epoch || current.owner !== seen.owner) return undefined;
      return this.#write({ ...current, owner, epoch: current.epoch + 1 });
    });
  }

  checkpoint(held: Lease, checkpoint: Checkpoint): Promise<Lease | undefined> {
    return this.#serially(async () => {
      const current = await this.#read(held.shardId);
      if (current?.epoch !== held.epoch || current.owner !== held.owner) return undefined;
      return this.#write({ ...current, checkpoint });
    });
  }

  release(held: Lease): Promise<void> {
    return this.#serially(async () => {
      const current = await this.#read(held.shardId);
      if (current?.epoch !== held.epoch || current.owner !== held.owner) return;
      await this.#write({ ...current, owner: undefined });
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

  async #write(lease: Lease): Promise<Lease> {
    await writeDurably(this.#path(lease.shardId), JSON.stringify(lease));
    return lease;
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
