import {
  CreateStreamCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { SeededRandom } from '@highwater/testkit';
import { ServiceException, type KinesisAccount } from '@highwater/kinesis-engine';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type * as fileSystem from 'node:fs/promises';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startKinesisLocal } from '../../src/index.ts';
import { clientOf } from '../client.ts';
import {
  openKept,
  readContents,
  readTree,
  temporaryDirectory,
  writeTree,
  type KeptAccount,
} from './kept-account.ts';

type Fault = 'ENOSPC' | 'EIO' | undefined;

/** The disk's result for a change. The server's own file calls go through this. */
const disk = vi.hoisted(() => ({
  fault: (_call: string, _path: string, _bytes: number): Fault => undefined,
}));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fileSystem>();
  const fail = (call: string, path: string, bytes = 0) => {
    const code = disk.fault(call, path, bytes);
    if (code === undefined) return;
    throw Object.assign(new Error(`${code}: ${call}`), { code, syscall: call });
  };
  const checked =
    <A extends unknown[], R>(call: string, run: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      fail(call, String(args[0]));
      return run(...args);
    };
  const faulty = (handle: Awaited<ReturnType<typeof real.open>>, path: string) => {
    const writev = async (pieces: Uint8Array[]) => {
      const all = Buffer.concat(pieces);
      const code = disk.fault('writev', path, all.length);
      if (code === undefined) return handle.writev(pieces);
      // A part is written, and only the next call reports why.
      if (all.length > 1) await handle.write(all.subarray(0, all.length >> 1));
      if (code === 'ENOSPC' && all.length > 1) return { bytesWritten: all.length >> 1 };
      throw Object.assign(new Error(`${code}: writev`), { code, syscall: 'writev' });
    };
    const checkedOnes = new Set<PropertyKey>([
      'write',
      'writeFile',
      'datasync',
      'sync',
      'truncate',
    ]);
    return new Proxy(handle, {
      get(target, name) {
        if (name === 'writev') return writev;
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        const run = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return checkedOnes.has(name)
          ? async (...args: unknown[]) => {
              fail(String(name), path, 1);
              return run(...args);
            }
          : run;
      },
    });
  };
  return {
    ...real,
    mkdir: checked('mkdir', real.mkdir),
    rename: checked('rename', real.rename),
    open: async (path: string, flags: string | number, mode?: number) => {
      const isMaking = typeof flags === 'number' && (flags & real.constants.O_CREAT) !== 0;
      if (isMaking) fail('open', path);
      return faulty(await real.open(path, flags, mode), path);
    },
  };
});

afterEach(() => {
  disk.fault = () => undefined;
});

const run = promisify(execFile);
const StreamName = 'points';

/** A nearly full disk whose space can be increased. */
interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  readonly makeRoom: () => Promise<void>;
}

/** A real disk if this user may mount one, otherwise a limited number of bytes. */
async function smallDisk(): Promise<SmallDisk> {
  const directory = await temporaryDirectory();
  const { path } = directory;
  const ballast = join(path, 'ballast');
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', path]).then(
    () => true,
    () => false,
  );
  if (!mounted) {
    let roomBytes = 256 * 1024;
    disk.fault = (_call, at, bytes) => {
      if (!at.startsWith(path)) return undefined;
      if (roomBytes < bytes) return 'ENOSPC';
      roomBytes -= bytes;
      return undefined;
    };
    return {
      path,
      makeRoom: async () => void (roomBytes = 2 ** 30),
      [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
    };
  }
  await writeFile(ballast, Buffer.alloc(256 * 1024));
  return {
    path,
    makeRoom: () => rm(ballast),
    [Symbol.asyncDispose]: async () => {
      await run('umount', [path]);
      await directory[Symbol.asyncDispose]();
    },
  };
}

const noSpace = {
  name: 'InternalFailure',
  message: expect.stringContaining('no space left on the disk') as string,
  $metadata: expect.objectContaining({ httpStatusCode: 500 }) as object,
};

describe('kinesis-local on a full disk', () => {
  it('reports it to producers, loses nothing, and continues when there is space', async () => {
    await using small = await smallDisk();
    const dataDirectory = join(small.path, 'data');
    const acknowledged: string[] = [];
    const textsOf = async (account: KinesisAccount) =>
      [...(await readContents(account)).values()].flat().map((each) => each.split(' ')[0]);
    {
      await using server = await startKinesisLocal({ port: 0, dataDirectory });
      const client = clientOf(server.url);
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      const put = async (PartitionKey: string) => {
        const Data = Buffer.alloc(20_000, 'x');
        await client.send(new PutRecordCommand({ StreamName, PartitionKey, Data }));
        acknowledged.push(PartitionKey);
      };
      const fill = async () => {
        for (let i = 0; i < 100; i += 1) await put(`before-${i}`);
      };
      await expect(fill()).rejects.toMatchObject(noSpace);
      expect(acknowledged.length).toBeGreaterThan(3);
      await expect(put('refused')).rejects.toMatchObject(noSpace);
      expect(await textsOf(server.account)).toEqual(acknowledged);
      await small.makeRoom();
      await put('after');
      await client.send(new CreateStreamCommand({ StreamName: 'another', ShardCount: 1 }));
      expect(await textsOf(server.account)).toEqual(acknowledged);
      client.destroy();
    }
    await using again = await startKinesisLocal({ port: 0, dataDirectory });
    expect(await textsOf(again.account)).toEqual(acknowledged);
  });

  it('accepts records for shards that have space, and creates no stream that it cannot store', async () => {
    await using directory = await temporaryDirectory();
    await using server = await startKinesisLocal({ port: 0, dataDirectory: directory.path });
    const client = clientOf(server.url);
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
    const putBoth = () => {
      const keys = ['0', `${2n ** 127n}`];
      const Records = keys.map((ExplicitHashKey) => {
        return { ExplicitHashKey, PartitionKey: 'a', Data: Buffer.from(ExplicitHashKey) };
      });
      return client.send(new PutRecordsCommand({ StreamName, Records }));
    };
    expect((await putBoth()).FailedRecordCount).toBe(0);
    disk.fault = (_, path) => (path.includes('shardId-000000000001') ? 'ENOSPC' : undefined);
    const { FailedRecordCount, Records = [] } = await putBoth();
    expect(FailedRecordCount).toBe(1);
    expect(Records[0]?.SequenceNumber).toBeDefined();
    expect(Records[1]).toMatchObject({
      ErrorCode: 'InternalFailure',
      ErrorMessage: expect.stringContaining('no space left on the disk') as string,
    });
    disk.fault = () => 'ENOSPC';
    const create = () =>
      client.send(new CreateStreamCommand({ StreamName: 'another', ShardCount: 1 }));
    await expect(create()).rejects.toMatchObject(noSpace);
    await expect(putBoth()).rejects.toMatchObject(noSpace);
    disk.fault = () => undefined;
    expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual([StreamName]);
    expect((await putBoth()).FailedRecordCount).toBe(0);
    await create();
    const counts = [...(await readContents(server.account)).values()].map(({ length }) => length);
    expect(counts).toEqual([0, 3, 2]);
    client.destroy();
  });
});

describe('a deletion that cannot be saved', () => {
  it('removes nothing: the next start has the stream and its records', async () => {
    await using directory = await temporaryDirectory();
    const { path } = directory;
    const record = { partitionKey: 'a', data: Buffer.from('kept') };
    {
      await using kept = await openKept(path);
      await kept.account.createStream({ streamName: StreamName });
      await kept.account.putRecords(StreamName, [record]);
      disk.fault = (call) => (call === 'rename' ? 'ENOSPC' : undefined);
      await expect(kept.account.deleteStream(StreamName)).rejects.toMatchObject({
        exception: 'InternalFailure',
        message: expect.stringContaining('state.json: no space left on the disk') as string,
      });
    }
    disk.fault = () => undefined;
    {
      await using kept = await openKept(path);
      expect([...(await readContents(kept.account)).values()].flat()).toHaveLength(1);
      await kept.account.deleteStream(StreamName);
    }
    const left = [...(await readTree(path)).keys()];
    expect(left).toEqual(['kinesis-local.json', 'state.json']);
  });
});

const schedulesCount = Number(process.env['HW_SIM_SCHEDULES'] ?? 20);

/** Puts, and changes of streams and tags, on a disk that fails sometimes, or for a while. */
class Schedule {
  readonly #random: SeededRandom;
  readonly #kept: KeptAccount;
  readonly acknowledged = new Map<string, string[]>();
  readonly #attempted = new Set<string>();
  #count = 0;
  #fullFor = 0;

  constructor(kept: KeptAccount, random: SeededRandom) {
    this.#kept = kept;
    this.#random = random;
    const faults = random.fork('faults');
    disk.fault = () => {
      if (this.#fullFor > 0) return 'ENOSPC';
      return faults.chance(0.04) ? faults.pick(['ENOSPC', 'EIO'] as const) : undefined;
    };
  }

  async step(): Promise<void> {
    const random = this.#random;
    const { account, clock } = this.#kept;
    await clock.advance(random.int(0, 500));
    if (this.#fullFor > 0) this.#fullFor -= 1;
    else if (random.chance(0.05)) this.#fullFor = random.int(1, 6);
    if (random.chance(0.7)) return this.put();
    const name = `other-${random.int(0, 2)}`;
    const isThere = account.streams().some(({ streamName }) => streamName === name);
    const change = async () => {
      if (random.chance(0.4)) {
        account.stream(StreamName).settings.tags = new Map([['n', `${random.int(0, 99)}`]]);
        await account.save();
      } else if (isThere) await account.deleteStream(name);
      else await account.createStream({ streamName: name });
    };
    await change().catch(expectFailure);
  }

  /** Puts some records at the same time, and records the acknowledged ones. */
  async put(recordsMax = 4): Promise<void> {
    const keys = Array.from({ length: this.#random.int(1, recordsMax) }, () => {
      this.#count += 1;
      return `${this.#count}`;
    });
    const records = keys.map((partitionKey) => {
      this.#attempted.add(partitionKey);
      return { partitionKey, data: Buffer.alloc(this.#random.int(0, 200), partitionKey) };
    });
    const results = await this.#kept.account.putRecords(StreamName, records).catch(expectFailure);
    for (const [i, result] of (results ?? []).entries()) {
      if (!result.ok) {
        assert.equal(result.errorCode, 'InternalFailure');
        continue;
      }
      const shard = `${StreamName} ${result.shardId}`;
      const { partitionKey, data } = records[i] as (typeof records)[number];
      const text = `${partitionKey} ${data.toString('latin1')} ${result.sequenceNumber}`;
      this.acknowledged.set(shard, [...(this.acknowledged.get(shard) ?? []), text]);
    }
  }

  /** Acknowledged records are there, in order. Any others were put, and are there once. */
  async check(account: KinesisAccount): Promise<void> {
    const contents = await readContents(account);
    for (const [shard, texts] of this.acknowledged) {
      const found = contents.get(shard) ?? [];
      const acknowledged = found.filter((text) => texts.includes(text));
      assert.deepEqual(acknowledged, texts);
      const keys = found.map((text) => text.split(' ')[0] ?? '');
      assert.ok(keys.every((key) => this.#attempted.has(key)));
      assert.equal(new Set(keys).size, keys.length);
    }
  }
}

function expectFailure(error: unknown): undefined {
  expect(error).toBeInstanceOf(ServiceException);
  expect((error as ServiceException).exception).toBe('InternalFailure');
}

/** Runs something on a disk that works. */
async function withoutFaults<T>(body: () => Promise<T>): Promise<T> {
  const { fault } = disk;
  disk.fault = () => undefined;
  try {
    return await body();
  } finally {
    disk.fault = fault;
  }
}

describe('an account on a disk that fails', () => {
  // Goal: a write that fails at any point, partially done, loses nothing that was acknowledged and
  // blocks nothing that follows. Method: random calls with random faults. Sometimes, the files are
  // copied as a kill would leave them, and opened. In the end, the disk works.
  it.each(Array.from({ length: Math.ceil(schedulesCount / 20) }, (_, i) => i))(
    'loses nothing, and continues: schedules from %i times 20',
    async (group) => {
      for (let i = group * 20; i < Math.min(group * 20 + 20, schedulesCount); i += 1) {
        const seed = `${process.env['HW_SIM_SEED'] ?? 'full-disk'}/${i}`;
        await expect(runSchedule(new SeededRandom(seed)), `seed ${seed}`).resolves.toBeGreaterThan(
          4,
        );
      }
    },
  );
});

/** @returns the acknowledged records */
async function runSchedule(random: SeededRandom): Promise<number> {
  await using base = await temporaryDirectory();
  const [directory, copy] = [join(base.path, 'data'), join(base.path, 'copy')];
  await mkdir(copy);
  let nowMs = 0;
  let schedule: Schedule;
  {
    await using kept = await openKept(directory);
    const { account, clock } = kept;
    await account.createStream({ streamName: StreamName, shardsCount: 2 });
    schedule = new Schedule(kept, random);
    for (let step = 0; step < 40; step += 1) {
      await schedule.step();
      if (!random.chance(0.05)) continue;
      nowMs = clock.monotonicMs();
      await withoutFaults(async () => {
        const tree = new Map(await readTree(directory));
        tree.delete('lock');
        await writeTree(copy, tree);
        await using killed = await openKept(copy, { startMs: nowMs });
        await schedule.check(killed.account);
      });
    }
    disk.fault = () => undefined;
    const before = [...schedule.acknowledged.values()].flat().length;
    for (let i = 0; i < 4; i += 1) await schedule.put(1);
    expect([...schedule.acknowledged.values()].flat()).toHaveLength(before + 4);
    await schedule.check(account);
    nowMs = clock.monotonicMs();
  }
  await using again = await openKept(directory, { startMs: nowMs });
  await schedule.check(again.account);
  return [...schedule.acknowledged.values()].flat().length;
}
