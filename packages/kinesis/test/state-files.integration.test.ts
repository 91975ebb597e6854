import { damage, fillDisk, modesIn, SeededRandom, underUmask } from '@highwater/testkit';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DirectoryLeaseStore, DirectoryStateStore, type Checkpoint } from '../src/index.ts';
import { FileWriteError, LeaseFileError } from '../src/errors.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** For more damages: `HW_DAMAGES=100000`. */
const damagesCount = Number(process.env['HW_DAMAGES'] ?? 2_000);

const shardId = 'shardId-000000000000';
const position = {
  type: 'AFTER_SEQUENCE_NUMBER',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
} as const;
const checkpoint: Checkpoint = {
  position,
  number: 7,
  state: { key: `${shardId}/1-7.snapshot`, sha256: 'ab'.repeat(32), bytes: 12 },
  watermarkMs: 1_700_000_000_123,
  readToMs: 1_700_000_060_000,
  replayFrom: { sequenceNumber: '4959', watermarkMs: 1_700_000_000_000, newestEventTimeMs: -7 },
};
const unread = {
  shardId,
  parentShardIds: [],
  checkpoint: { position: { type: 'LATEST' } },
} as const;

/** A service's directory with one lease that has a checkpoint. */
async function withLease() {
  const directory = await temporaryDirectory();
  const leases = join(directory.path, 'leases');
  const snapshots = join(directory.path, 'snapshots');
  const open = () => DirectoryLeaseStore.open(leases, snapshots);
  const store = await open();
  await store.create(unread);
  const [lease] = await store.list();
  const held = lease && (await store.take(lease, 'a'));
  if (!held) throw new Error('a lease that nobody wants could not be taken');
  const file = join(leases, `${shardId}.lease.json`);
  return { directory, leases, snapshots, open, store, held, file };
}

const given = (call: Promise<unknown>) => call.catch((error: unknown) => error);

describe('a damaged file of a lease', () => {
  // Goal: no damage moves a checkpoint unnoticed. Method: a lease is damaged in thousands of ways.
  // It must be read unchanged, or cause an error that names its file. A missing lease must not
  // start over.
  it('causes an error that names it, or changes nothing', async () => {
    const { directory, store, held, file, open } = await withLease();
    await using _ = directory;
    await store.checkpoint(held, checkpoint);
    const states = new DirectoryStateStore(join(directory.path, 'snapshots'));
    await states.put(`${shardId}/1-7.snapshot`, Buffer.from('the state'));
    const [truth] = await store.list();
    const content = await readFile(file);
    const random = new SeededRandom('lease-damage');
    const silent: string[] = [];
    let refusedCount = 0;
    for (let at = 0; at < damagesCount; at += 1) {
      const { what, bytes } = damage(content, at, random);
      if (bytes) await writeFile(file, bytes);
      else await rm(file);
      const next = await open();
      const read = await given(bytes ? next.list() : next.create(unread));
      if (read instanceof LeaseFileError && read.message.includes(file)) refusedCount += 1;
      else if (!isDeepStrictEqual(read, [truth])) silent.push(`${what}: ${inspect(read)}`);
    }
    expect(silent).toEqual([]);
    expect(refusedCount).toBeGreaterThan(0.9 * damagesCount);
  });

  it('is rejected when it is the lease of another shard', async () => {
    const { directory, leases, file, open } = await withLease();
    await using _ = directory;
    await writeFile(join(leases, 'shardId-000000000001.lease.json'), await readFile(file));
    await expect((await open()).list()).rejects.toThrow(`it belongs to ${shardId}`);
  });

  it('is read without a checksum, as in old releases, and gets one when it is written', async () => {
    const { directory, held, file, open } = await withLease();
    await using _ = directory;
    await writeFile(file, JSON.stringify(held));
    const store = await open();
    expect(await store.list()).toEqual([held]);
    await store.checkpoint(held, checkpoint);
    expect(await readFile(file, 'utf8')).toMatch(/^\{"sha256":"[0-9a-f]{64}","lease":\{/);
  });
});

describe('leases and snapshots on a full disk', () => {
  it('stay unchanged, report where and why, and are written once there is space', async () => {
    const { directory, leases, store, held } = await withLease();
    await using _ = directory;
    const states = new DirectoryStateStore(join(directory.path, 'snapshots'));
    const before = await store.list();
    {
      using _full = await fillDisk();
      const failures = [
        await given(store.checkpoint(held, checkpoint)),
        await given(states.put(`${shardId}/1-7.snapshot`, Buffer.from('the state'))),
      ];
      for (const failure of failures) {
        expect(failure).toBeInstanceOf(FileWriteError);
        expect(failure).toMatchObject({ retry: 'backoff', exception: 'ENOSPC' });
        expect(failure).toMatchObject({
          message: expect.stringMatching(`^writing ${directory.path}/.*: ENOSPC: no space left`),
        });
      }
      expect(await store.list()).toEqual(before);
      expect(await readdir(leases)).toEqual([`${shardId}.lease.json`]);
    }
    const written = await store.checkpoint(held, checkpoint);
    expect(written?.checkpoint).toEqual(checkpoint);
    const ref = await states.put(`${shardId}/1-7.snapshot`, Buffer.from('the state'));
    expect(String(await states.get(ref))).toBe('the state');
  });
});

describe('files and directories of leases and snapshots', () => {
  it.each([0o022, 0])('can be accessed only by their owner under the umask %o', async (umask) => {
    using _mask = underUmask(umask);
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'of', 'a service');
    const store = await DirectoryLeaseStore.open(join(path, 'leases'));
    await store.create(unread);
    await new DirectoryStateStore(join(path, 'snapshots')).put('a/1.snapshot', Buffer.from('x'));
    expect(await modesIn(directory.path)).toEqual({
      of: '700',
      'of/a service': '700',
      'of/a service/leases': '700',
      [`of/a service/leases/${shardId}.lease.json`]: '600',
      'of/a service/snapshots': '700',
      'of/a service/snapshots/a': '700',
      'of/a service/snapshots/a/1.snapshot': '600',
    });
  });
});
