import type { Checkpoint, Lease, NewLease } from './lease-store.ts';

/**
 * The effect of each write on a lease, or undefined if its condition does not hold. Stores that can
 * read and write a lease in one step use these functions. DynamoDB's expressions do the same.
 */
export const leaseChange = {
  create: (lease: NewLease): Lease => ({ ...lease, epoch: 0, counter: 0 }),

  take: (current: Lease | undefined, seen: Lease, owner: string): Lease | undefined =>
    current && isUnchanged(current, seen)
      ? {
          ...current,
          checkpoint: {
            ...current.checkpoint,
            openings: (current.checkpoint.openings ?? 0) + 1,
          },
          owner,
          epoch: current.epoch + 1,
          counter: current.counter + 1,
          wantedBy: undefined,
        }
      : undefined,

  renew: (current: Lease | undefined, held: Lease): Lease | undefined =>
    current && isHeld(current, held) ? { ...current, counter: current.counter + 1 } : undefined,

  checkpoint: (
    current: Lease | undefined,
    held: Lease,
    checkpoint: Checkpoint,
  ): Lease | undefined =>
    current && isHeld(current, held) && !isLater(current.checkpoint, checkpoint)
      ? { ...current, checkpoint, counter: current.counter + 1 }
      : undefined,

  request: (current: Lease | undefined, seen: Lease, by: string): Lease | undefined =>
    current && isHeld(current, seen) && current.wantedBy === undefined
      ? { ...current, wantedBy: by }
      : undefined,

  release: (current: Lease | undefined, held: Lease, heir?: string): Lease | undefined =>
    current && isHeld(current, held)
      ? { ...current, owner: heir, counter: current.counter + 1, wantedBy: undefined }
      : undefined,

  isRemovable: (current: Lease | undefined, seen: Lease): boolean =>
    current !== undefined && isUnchanged(current, seen),
} as const;

function isLater({ number: there }: Checkpoint, { number: next }: Checkpoint): boolean {
  return there !== undefined && next !== undefined && there > next;
}

function isHeld(current: Lease, held: Lease): boolean {
  return current.epoch === held.epoch && current.owner === held.owner;
}

function isUnchanged(current: Lease, seen: Lease): boolean {
  return isHeld(current, seen) && current.counter === seen.counter;
}
