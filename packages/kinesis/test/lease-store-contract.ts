import { describe, expect, it } from 'vitest';
import type { Checkpoint, Lease, LeaseStore, NewLease } from '../src/index.ts';
import type { SetAsideRecord } from '../src/leases/lease-store.ts';

/** A store for one test, and its disposal. */
export interface OpenedLeaseStore extends AsyncDisposable {
  readonly store: LeaseStore;
}

const fresh = (shardId: string, parentShardIds: readonly string[] = []): NewLease => ({
  shardId,
  parentShardIds,
  checkpoint: { position: { type: 'TRIM_HORIZON' } },
});

const after = {
  type: 'AFTER_SEQUENCE_NUMBER',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
} as const;

const full: Checkpoint = {
  position: after,
  state: { key: 'shardId-0/1-1.snapshot', sha256: 'ab'.repeat(32), bytes: 12 },
  watermarkMs: -1,
  replayFrom: { sequenceNumber: '0', watermarkMs: 1_700_000_000_000, newestEventTimeMs: -7 },
};

const record = { sequenceNumber: after.sequenceNumber };
const subRecord = { ...record, subSequenceNumber: 7 };
const setAside = (id: Omit<SetAsideRecord, 'arrivalTimeMs'>): SetAsideRecord => ({
  ...id,
  arrivalTimeMs: 1_700_000_000_123,
});

/** The promises of every lease store; see `LeaseStore`. */
export function describeLeaseStore(name: string, open: () => Promise<OpenedLeaseStore>): void {
  const find = async (store: LeaseStore, shardId: string): Promise<Lease> => {
    const lease = (await store.list()).find((other) => other.shardId === shardId);
    if (!lease) throw new Error(`there is no lease of ${shardId}`);
    return lease;
  };

  /** A store with a lease of `a`. */
  const held = async () => {
    const opened = await open();
    await opened.store.create(fresh('shardId-0'));
    const lease = await opened.store.take(await find(opened.store, 'shardId-0'), 'a');
    if (!lease) throw new Error('a lease that nobody wants could not be taken');
    return { opened, store: opened.store, lease };
  };

  describe(`${name} as a lease store`, () => {
    it('adds a lease once, and never changes an existing one', async () => {
      await using opened = await open();
      const { store } = opened;
      expect(await store.list()).toEqual([]);
      await store.create(fresh('shardId-2', ['shardId-0', 'shardId-1']));
      const lease = await find(store, 'shardId-2');
      expect(lease).toMatchObject({ epoch: 0, parentShardIds: ['shardId-0', 'shardId-1'] });
      expect(lease.owner).toBeUndefined();
      const taken = await store.take(lease, 'a');
      await store.create(fresh('shardId-2'));
      expect(await find(store, 'shardId-2')).toEqual(taken);
    });

    it('stores every kind of checkpoint unchanged', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const positions: readonly Checkpoint[] = [
        { position: { type: 'TRIM_HORIZON' } },
        { position: { type: 'LATEST' } },
        { position: { type: 'AT_TIMESTAMP', timestampMs: 1_700_000_000_123 } },
        { ...full, position: { ...after, subSequenceNumber: 41 } },
        full,
        { ...full, number: 3 },
        { ...full, replayFrom: { sequenceNumber: '17' } },
        { position: { type: 'SHARD_END' }, state: full.state },
        { ...full, openings: 4, suspects: { first: record, last: subRecord, attempts: 0 } },
        { ...full, suspects: { first: subRecord, last: subRecord, attempts: 2 } },
        { ...full, openings: 1, setAside: [setAside(record), setAside(subRecord)] },
        { position: { type: 'TRIM_HORIZON' }, setAside: [setAside(record)] },
        { position: { type: 'TRIM_HORIZON' } },
      ];
      let current: Lease | undefined = lease;
      for (const checkpoint of positions) {
        current = current && (await store.checkpoint(current, checkpoint));
        expect((await find(store, 'shardId-0')).checkpoint).toEqual(checkpoint);
      }
    });

    it('lets one of many takers win, and raises the epoch', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.create(fresh('shardId-0'));
      const seen = await find(store, 'shardId-0');
      const owners = Array.from({ length: 10 }, (_, index) => `worker-${index}`);
      const taken = await Promise.all(owners.map((owner) => store.take(seen, owner)));
      const winners = taken.filter((lease) => lease !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]?.epoch).toBe(1);
      expect(await find(store, 'shardId-0')).toEqual(winners[0]);
    });

    it('rejects a take of a lease that was renewed since it was seen', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const renewed = await store.renew(lease);
      expect(renewed?.counter).toBe(lease.counter + 1);
      expect(await store.take(lease, 'b')).toBeUndefined();
      expect(await store.take(renewed ?? lease, 'b')).toMatchObject({ owner: 'b', epoch: 2 });
    });

    it('renews again after the reply to a renewal was lost', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      await store.renew(lease);
      expect((await store.renew(lease))?.counter).toBe(lease.counter + 2);
    });

    it('renews and writes a checkpoint at the same time', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const written = await Promise.all([
        store.renew(lease),
        store.checkpoint(lease, full),
        store.renew(lease),
      ]);
      expect(written).not.toContain(undefined);
      const now = await find(store, 'shardId-0');
      expect(now.counter).toBe(lease.counter + 3);
      expect(now.checkpoint).toEqual(full);
    });

    it('rejects every write of a former owner', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const next = await store.take(lease, 'b');
      expect(await store.renew(lease)).toBeUndefined();
      expect(await store.checkpoint(lease, full)).toBeUndefined();
      await store.release(lease);
      expect(await find(store, 'shardId-0')).toEqual(next);
    });

    it('rejects the writes of an earlier tenure of the same owner', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const again = await store.take(lease, 'a');
      expect(again?.epoch).toBe(2);
      expect(await store.checkpoint(lease, full)).toBeUndefined();
      expect(again && (await store.checkpoint(again, full))).toMatchObject({ checkpoint: full });
    });

    // A write that timed out at its sender may arrive long after later ones.
    it('rejects a checkpoint that a later one has overtaken, and accepts a repeated one', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const numbered = (number: number): Checkpoint => ({ ...full, number });
      for (const number of [1, 2, 2, 5]) {
        expect((await store.checkpoint(lease, numbered(number)))?.checkpoint.number).toBe(number);
      }
      expect(await store.checkpoint(lease, numbered(4))).toBeUndefined();
      const kept = await find(store, 'shardId-0');
      expect(kept.checkpoint).toEqual(numbered(5));
      const next = await store.take(kept, 'b');
      expect(next?.checkpoint).toEqual({ ...numbered(5), openings: 1 });
      expect(next && (await store.checkpoint(next, numbered(6)))).toBeDefined();
    });

    it('counts the takes since a checkpoint that does not contain their number', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      expect(lease.checkpoint.openings).toBe(1);
      await store.renew(lease);
      await store.release(lease, 'b');
      const next = await store.take(await find(store, 'shardId-0'), 'b');
      expect(next?.checkpoint.openings).toBe(2);
      const noted = next && (await store.checkpoint(next, { ...full, openings: 2, number: 1 }));
      const third = noted && (await store.take(noted, 'c'));
      expect(third?.checkpoint).toEqual({ ...full, openings: 3, number: 1 });
      const written = third && (await store.checkpoint(third, { ...full, number: 2 }));
      expect(written?.checkpoint).toEqual({ ...full, number: 2 });
    });

    it('gives a released lease with its checkpoint to the first taker', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      await store.checkpoint(lease, full);
      await store.release(lease);
      const released = await find(store, 'shardId-0');
      expect(released.owner).toBeUndefined();
      expect(await store.take(released, 'b')).toMatchObject({
        owner: 'b',
        epoch: 2,
        checkpoint: full,
      });
    });

    it('hands a lease to the worker that asked for it first', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      expect(await store.request(lease, 'b')).toMatchObject({ owner: 'a', wantedBy: 'b' });
      expect(await store.request(lease, 'c')).toBeUndefined();
      // The owner learns about the request when it renews, and continues until its checkpoint.
      expect(await store.renew(lease)).toMatchObject({ wantedBy: 'b' });
      expect(await store.checkpoint(lease, full)).toMatchObject({ wantedBy: 'b' });
      await store.release(lease, 'b');
      const handed = await find(store, 'shardId-0');
      expect(handed).toMatchObject({ owner: 'b', checkpoint: full });
      expect(handed.wantedBy).toBeUndefined();
      expect(await store.checkpoint(lease, full)).toBeUndefined();
      expect(await store.take(handed, 'b')).toMatchObject({ owner: 'b', epoch: 2 });
    });

    it('forgets the request when the lease is taken', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const wanted = await store.request(lease, 'b');
      const taken = await store.take(wanted ?? lease, 'c');
      expect(taken).toMatchObject({ owner: 'c', epoch: 2 });
      expect(taken?.wantedBy).toBeUndefined();
    });

    it('removes a lease unless it was written since it was seen', async () => {
      const { opened, store, lease } = await held();
      await using _ = opened;
      const ended = await store.checkpoint(lease, { position: { type: 'SHARD_END' } });
      await store.remove(lease);
      expect(await store.list()).toHaveLength(1);
      await store.remove(ended ?? lease);
      expect(await store.list()).toEqual([]);
      await store.remove(ended ?? lease);
    });

    it('lists every lease', async () => {
      await using opened = await open();
      const shardIds = Array.from({ length: 40 }, (_, index) => `shardId-${index}`);
      await Promise.all(shardIds.map((shardId) => opened.store.create(fresh(shardId))));
      const listed = await opened.store.list();
      expect(listed.map(({ shardId }) => shardId).toSorted()).toEqual(shardIds.toSorted());
    });
  });
}
