import type { Lease } from './lease-store.ts';

/** The facts that one worker bases its decision on. */
export interface LeaseView {
  readonly leases: readonly Lease[];
  readonly me: string;
  /** Shards that are read here, including shards that are closing. */
  readonly running: ReadonlySet<string>;
  /** Whether the lease's owner has been silent for the whole duration of a lease. */
  readonly isExpired: (lease: Lease) => boolean;
  /**
   * Whether this worker asked the owner for the lease so long ago that an answer is no longer
   * expected.
   */
  readonly isOverdue: (lease: Lease) => boolean;
  /**
   * Shuffles the candidates, so that workers that decide simultaneously rarely choose the same one.
   */
  readonly random: () => number;
}

/** The calls that a worker should try. Each is conditional, so a slower worker only fails. */
export interface LeasePlan {
  readonly take: readonly Lease[];
  /** The leases to ask their owners for. */
  readonly request: readonly Lease[];
}

/**
 * Decides which leases to take and which to ask for. If all workers follow this plan, they share
 * the shards evenly: their numbers differ by at most one, and then no lease moves any more.
 *
 * Workers have no leader. They know each other from the leases that each has or has asked for.
 */
export function planLeases(view: LeaseView): LeasePlan {
  const { leases, me, running, isExpired, isOverdue, random } = view;
  const open = leases.filter((lease) => isReady(lease, leases));
  const held = new Map<string, Lease[]>([[me, []]]);
  const free: Lease[] = [];
  const take: Lease[] = [];
  for (const lease of open) {
    const holder = holderOf(lease, isExpired);
    if (holder === undefined) {
      if (!running.has(lease.shardId)) free.push(lease);
      continue;
    }
    // A worker takes leases that were handed to it, and its own leases that it has lost track of.
    const isOurs = lease.owner === me && !running.has(lease.shardId);
    if (isOurs || (lease.wantedBy === me && isOverdue(lease))) take.push(lease);
    const others = held.get(holder);
    if (others) others.push(lease);
    else held.set(holder, [lease]);
  }
  const mineCount = held.get(me)?.length ?? 0;
  const fairShare = Math.ceil(open.length / held.size);
  const wanted = Math.max(0, fairShare - mineCount);
  take.push(...shuffle(free, random).slice(0, wanted));
  return { take, request: free.length > 0 ? [] : planRequests(held, view) };
}

/** A worker that has two more than this one is asked for a part of the difference. */
function planRequests(held: ReadonlyMap<string, readonly Lease[]>, view: LeaseView): Lease[] {
  const { me, random } = view;
  const mineCount = held.get(me)?.length ?? 0;
  let most: readonly Lease[] = [];
  for (const [worker, leases] of held) {
    if (worker !== me && leases.length > most.length) most = leases;
  }
  const gap = most.length - mineCount;
  if (gap < 2) return [];
  const askable = most.filter(({ owner, wantedBy }) => owner !== me && wantedBy === undefined);
  return shuffle(askable, random).slice(0, Math.ceil(gap / 4));
}

/** The current or next owner of the lease; undefined when any worker may take it. */
function holderOf(lease: Lease, isExpired: LeaseView['isExpired']): string | undefined {
  if (lease.owner === undefined || isExpired(lease)) return undefined;
  return lease.wantedBy ?? lease.owner;
}

/** Not finished, and every known parent is finished. */
export function isReady(lease: Lease, all: readonly Lease[]): boolean {
  if (isFinished(lease)) return false;
  return all.every((other) => !lease.parentShardIds.includes(other.shardId) || isFinished(other));
}

/** Whether its shard has been read to its end, with everything that follows accepted downstream. */
export function isFinished({ checkpoint }: Lease): boolean {
  return checkpoint.position.type === 'SHARD_END';
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}
