import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateDirectory, writeDurably } from '../snapshots/durable-file.ts';
import { LeaseFileError } from '../errors.ts';
import { leaseChange } from './lease-change.ts';
import { decodeLeaseFile, encodeLeaseFile, leaseFileSuffix } from './lease-file.ts';
import type { Checkpoint, Lease, LeaseStore, NewLease } from './lease-store.ts';

/**
 * Stores leases as files, one per shard, for one worker process at a time: writes are serialized
 * and conditional within the process only.
 *
 * A damaged file never counts as a missing one. A missing lease is not created again for a shard
 * that has snapshots, because the shard was read before, and its position is unknown.
 */
export class DirectoryLeaseStore implements LeaseStore {
  readonly #directory: string;
  readonly #snapshots: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(directory: string, snapshots: string | undefined) {
    this.#directory = directory;
    this.#snapshots = snapshots;
  }

  /**
   * Creates the directory if it is missing.
   *
   * @param snapshots directory where a `DirectoryStateStore` keeps the snapshots of the same shards
   */
  static async open(directory: string, snapshots?: string): Promise<DirectoryLeaseStore> {
    await makePrivateDirectory(directory);
    return new DirectoryLeaseStore(directory, snapshots);
  }

  async list(): Promise<readonly Lease[]> {
    const names = await readdir(this.#directory);
    const shardIds = names
      .filter((name) => name.endsWith(leaseFileSuffix))
      .map((name) => name.slice(0, -leaseFileSuffix.length));
    const leases = await Promise.all(shardIds.map((shardId) => this.#read(shardId)));
    return leases.filter((lease) => lease !== undefined);
  }

  async create(lease: NewLease): Promise<void> {
    await this.#serially(async () => {
      if (await this.#read(lease.shardId)) return;
      await this.#refuseIfRead(lease.shardId);
      await this.#write(leaseChange.create(lease));
    });
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
      if (changed) await this.#write(changed);
      return changed;
    });
  }

  #write(lease: Lease): Promise<void> {
    return writeDurably(this.#path(lease.shardId), encodeLeaseFile(lease));
  }

  async #read(shardId: string): Promise<Lease | undefined> {
    const path = this.#path(shardId);
    const content = await unlessMissing(readFile(path, 'utf8'));
    return content === undefined ? undefined : decodeLeaseFile(path, content);
  }

  /** @throws {LeaseFileError} when the shard has snapshots */
  async #refuseIfRead(shardId: string): Promise<void> {
    if (this.#snapshots === undefined) return;
    const directory = join(this.#snapshots, shardId);
    const [snapshot] = (await unlessMissing(readdir(directory))) ?? [];
    if (snapshot === undefined) return;
    const detail = `it is missing, but its snapshot ${join(directory, snapshot)} exists`;
    throw new LeaseFileError(this.#path(shardId), detail);
  }

  #path(shardId: string): string {
    return join(this.#directory, `${shardId}${leaseFileSuffix}`);
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
