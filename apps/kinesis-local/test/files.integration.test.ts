import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ListTagsForStreamCommand,
  AddTagsToStreamCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { compareSequence } from '@highwater/model';
import { SimulatedClock } from '@highwater/testkit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { lockDirectory } from '../src/files/directory-lock.ts';
import { startKinesisLocal } from '../src/index.ts';
import { clientOf } from './client.ts';

const StreamName = 'points';

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'kinesis-local-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const mainPath = join(import.meta.dirname, '../src/main.ts');

/** The server as a separate process, so that it can be killed. */
async function spawnServer(dataDirectory: string): Promise<{ url: string; child: ChildProcess }> {
  const args = [mainPath, '--port', '0', '--data', dataDirectory];
  const env = { ...process.env, HW_HTTP_PORT: '0' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg === 'Serving the Kinesis API.') return { url: `http://127.0.0.1:${port}`, child };
  }
  throw new Error('the server ended before it listened');
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Text of each stored record, with its shard and sequence number. */
async function readAll(client: KinesisClient): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) {
    let { ShardIterator: iterator } = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    for (;;) {
      const reply = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      for (const { Data = [], SequenceNumber } of reply.Records ?? []) {
        found.set(Buffer.from(Data).toString(), `${ShardId} ${SequenceNumber}`);
      }
      iterator = reply.NextShardIterator;
      if (iterator === undefined || reply.MillisBehindLatest === 0) break;
    }
  }
  return found;
}

/** Puts batches until the server is gone, and records every acknowledged record. */
async function putUntilGone(
  client: KinesisClient,
  acknowledged: Map<string, string>,
  name: string,
): Promise<void> {
  for (let i = 0; ; i += 1) {
    const texts = Array.from({ length: 50 }, (_, j) => `${name}-${i}-${j}`);
    try {
      const { Records = [] } = await client.send(
        new PutRecordsCommand({
          StreamName,
          Records: texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) })),
        }),
      );
      for (const [j, { ShardId, SequenceNumber }] of Records.entries()) {
        if (SequenceNumber) acknowledged.set(texts[j] ?? '', `${ShardId} ${SequenceNumber}`);
      }
    } catch {
      return;
    }
  }
}

describe('kinesis-local with files', () => {
  // Goal: acknowledged records survive a kill at any moment. Method: kill the process while eight
  // writers put and shards are split, restart it, and compare; five times with the same directory.
  it('loses no acknowledged record when it is killed', async () => {
    await using directory = await temporaryDirectory();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 5; round += 1) {
      const { url, child } = await spawnServer(directory.path);
      const client = clientOf(url);
      if (round === 0) await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
      const found = await readAll(client);
      for (const [text, place] of acknowledged) expect(found.get(text)).toBe(place);
      const before = acknowledged.size;
      const writers = Array.from({ length: 8 }, (_, writer) =>
        putUntilGone(client, acknowledged, `${round}-${writer}`),
      );
      const { Shards = [] } = await client.send(
        new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }),
      );
      const [shard] = Shards;
      const { StartingHashKey = '0', EndingHashKey = '0' } = shard?.HashKeyRange ?? {};
      await client.send(
        new SplitShardCommand({
          StreamName,
          ShardToSplit: shard?.ShardId,
          NewStartingHashKey: `${(BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n}`,
        }),
      );
      while (acknowledged.size < before + 3000) await new Promise((r) => setTimeout(r, 5));
      await kill(child);
      await Promise.all(writers);
      client.destroy();
    }
    const places = [...acknowledged.values()];
    expect(new Set(places).size).toBe(places.length);
  });

  it('restores streams, shards, tags, and consumers, and continues where it stopped', async () => {
    await using directory = await temporaryDirectory();
    const dataDirectory = directory.path;
    let shardsBefore: unknown;
    let lastNumber = '';
    {
      await using server = await startKinesisLocal({ port: 0, dataDirectory });
      const client = clientOf(server.url);
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
      await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { team: 'red' } }));
      await client.send(
        new SplitShardCommand({
          StreamName,
          ShardToSplit: 'shardId-000000000000',
          NewStartingHashKey: '1000',
        }),
      );
      const StreamARN = server.account.stream(StreamName).arn;
      await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
      const { Records } = await client.send(
        new PutRecordsCommand({
          StreamName,
          Records: [{ PartitionKey: 'a', ExplicitHashKey: '5', Data: Buffer.from('first') }],
        }),
      );
      lastNumber = Records?.[0]?.SequenceNumber ?? '';
      shardsBefore = (await client.send(new ListShardsCommand({ StreamName }))).Shards;
      client.destroy();
    }
    await using server = await startKinesisLocal({ port: 0, dataDirectory });
    const client = clientOf(server.url);
    expect((await client.send(new ListShardsCommand({ StreamName }))).Shards).toEqual(shardsBefore);
    const { Tags } = await client.send(new ListTagsForStreamCommand({ StreamName }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'red' }]);
    expect([...server.account.stream(StreamName).consumers.keys()]).toEqual(['reader']);
    const { Records } = await client.send(
      new PutRecordsCommand({
        StreamName,
        Records: [{ PartitionKey: 'a', ExplicitHashKey: '5', Data: Buffer.from('second') }],
      }),
    );
    expect(compareSequence(Records?.[0]?.SequenceNumber ?? '', lastNumber)).toBeGreaterThan(0);
    expect([...(await readAll(client)).keys()]).toEqual(['first', 'second']);
    client.destroy();
  });

  it('cuts off an incomplete append of a crash, and keeps everything before it', async () => {
    await using directory = await temporaryDirectory();
    const dataDirectory = directory.path;
    {
      await using server = await startKinesisLocal({ port: 0, dataDirectory });
      await server.account.createStream({ streamName: StreamName });
      const record = { partitionKey: 'a', data: Buffer.from('whole') };
      await server.account.putRecords(StreamName, [record]);
    }
    const [file = ''] = (await readdir(dataDirectory, { recursive: true })).filter((path) =>
      path.endsWith('.log'),
    );
    const whole = await readFile(join(dataDirectory, file));
    await appendFile(join(dataDirectory, file), whole.subarray(0, whole.length - 1));
    await using server = await startKinesisLocal({ port: 0, dataDirectory });
    const client = clientOf(server.url);
    expect([...(await readAll(client)).keys()]).toEqual(['whole']);
    expect(await readFile(join(dataDirectory, file))).toEqual(whole);
    client.destroy();
  });

  it('keeps a second process out of its directory, but not after the first has died', async () => {
    await using directory = await temporaryDirectory();
    const dataDirectory = directory.path;
    {
      await using _first = await startKinesisLocal({ port: 0, dataDirectory });
      await expect(startKinesisLocal({ port: 0, dataDirectory })).rejects.toMatchObject({
        code: 'HW_KINESIS_LOCAL_DATA',
        message: expect.stringContaining(`process ${process.pid} uses it`) as string,
      });
    }
    // A number that no process has.
    await writeFile(join(dataDirectory, 'lock'), '4194305\n');
    await using second = await startKinesisLocal({ port: 0, dataDirectory });
    expect(second.port).toBeGreaterThan(0);
  });

  // In a container, a server has the same number every time.
  it.each([`${process.pid}\n`, `${process.pid} 1\n`])(
    'opens a directory left by a process with its own number: %j',
    async (left) => {
      await using directory = await temporaryDirectory();
      await writeFile(join(directory.path, 'lock'), left);
      await using server = await startKinesisLocal({ port: 0, dataDirectory: directory.path });
      expect(server.port).toBeGreaterThan(0);
    },
  );

  // Goal: when several servers start at the same time over an abandoned lock, one gets it. Method:
  // twenty simultaneous starts, several times.
  it('lets in one of many servers that start at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      await using directory = await temporaryDirectory();
      await writeFile(join(directory.path, 'lock'), '4194305\n');
      const locks = await Promise.allSettled(
        Array.from({ length: 20 }, () => lockDirectory(directory.path)),
      );
      expect(locks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await readdir(directory.path)).toEqual(['lock']);
    }
  });

  // Goal: when several servers start at the same time in a new directory, one gets it, and the
  // others name it. Method: ten simultaneous starts, several times.
  it('lets one of many servers into a new directory', async () => {
    for (let round = 0; round < 5; round += 1) {
      await using directory = await temporaryDirectory();
      const options = { port: 0, dataDirectory: join(directory.path, 'new') };
      const starts = Array.from({ length: 10 }, () => startKinesisLocal(options));
      const started = await Promise.allSettled(starts);
      const running = started.filter(({ status }) => status === 'fulfilled');
      expect(running).toHaveLength(1);
      for (const each of started) {
        if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
        else expect(String(each.reason)).toContain(`process ${process.pid} uses it`);
      }
    }
  });

  it('reads records from its files that are not in its memory', async () => {
    await using directory = await temporaryDirectory();
    await using server = await startKinesisLocal({
      port: 0,
      dataDirectory: directory.path,
      memoryBytesMax: 4 * 2 ** 20,
    });
    const { account } = server;
    await account.createStream({ streamName: StreamName });
    const padding = '.'.repeat(10_000);
    for (let i = 0; i < 20; i += 1) {
      const texts = Array.from({ length: 100 }, (_, j) => `${i}-${j}${padding}`);
      const results = await account.putRecords(
        StreamName,
        texts.map((text) => ({ partitionKey: 'a', data: Buffer.from(text) })),
      );
      expect(results.every(({ ok }) => ok)).toBe(true);
    }
    const client = clientOf(server.url);
    expect((await readAll(client)).size).toBe(2000);
    expect(account.budget.heldBytes).toBeLessThanOrEqual(4 * 2 ** 20);
    client.destroy();
  });

  it('removes files of expired records, and those of deleted streams', async () => {
    await using directory = await temporaryDirectory();
    const dataDirectory = directory.path;
    const logs = async () =>
      (await readdir(dataDirectory, { recursive: true })).filter((path) => path.endsWith('.log'));
    const clock = new SimulatedClock();
    const options = { port: 0, dataDirectory, clock };
    const segmentBytesMax = 100_000;
    {
      await using server = await startKinesisLocal({ ...options, segmentBytesMax });
      const { account } = server;
      await account.createStream({ streamName: StreamName });
      const record = { partitionKey: 'a', data: Buffer.alloc(60_000) };
      for (let i = 0; i < 10; i += 1) await account.putRecords(StreamName, [record]);
      expect(await logs()).toHaveLength(5);
      await clock.advance(25 * 3_600_000);
      await account.putRecords(StreamName, [record]);
    }
    expect(await logs()).toHaveLength(1);
    await using server = await startKinesisLocal({ ...options, segmentBytesMax });
    const live = server.account.stream(StreamName);
    expect(live.shards[0]?.log.endIndex).toBe(12);
    const client = clientOf(server.url);
    await client.send(new DeleteStreamCommand({ StreamName }));
    client.destroy();
    // A check may see a directory that is being removed. The next one does not.
    await expect.poll(logs).toEqual([]);
  });

  // Goal: a shard whose records have all expired leaves no files, and the stored state never names
  // a shard whose files are gone. Method: split, wait for a day and for the next check, and
  // restart.
  it('removes the files of a closed shard with its last records', async () => {
    await using directory = await temporaryDirectory();
    const options = { port: 0, dataDirectory: directory.path, clock: new SimulatedClock() };
    const shards = async () => {
      const paths = await readdir(directory.path, { recursive: true });
      return paths.flatMap((path) => /shardId-\d+$/.exec(path) ?? []).toSorted();
    };
    const [parent, ...children] = [0, 1, 2].map((index) => `shardId-00000000000${index}`);
    {
      await using server = await startKinesisLocal(options);
      const { account } = server;
      await account.createStream({ streamName: StreamName });
      await account.putRecords(StreamName, [{ partitionKey: 'a', data: Buffer.alloc(10) }]);
      await account.splitShard(StreamName, parent ?? '', '1000');
      expect(await shards()).toEqual([parent, ...children]);
      await options.clock.advance(25 * 3_600_000);
      expect(account.stream(StreamName).shards).toHaveLength(2);
      await options.clock.advance(60_000);
      await expect.poll(shards).toEqual(children);
    }
    await using server = await startKinesisLocal(options);
    const { shards: kept } = server.account.stream(StreamName);
    expect(kept.map(({ shardId }) => shardId)).toEqual(children);
  });

  it('removes the oldest files when they exceed the limit, and logs it', async () => {
    await using directory = await temporaryDirectory();
    const clock = new SimulatedClock();
    const warnings: object[] = [];
    const ignore = () => {};
    await using server = await startKinesisLocal({
      port: 0,
      dataDirectory: directory.path,
      clock,
      segmentBytesMax: 2 ** 20,
      diskBytesMax: 5 * 2 ** 20,
      log: {
        trace: ignore,
        debug: ignore,
        info: ignore,
        warn: (fields) => warnings.push(fields),
        error: ignore,
      },
    });
    const { account } = server;
    await account.createStream({ streamName: StreamName });
    const record = { partitionKey: 'a', data: Buffer.alloc(500_000) };
    for (let i = 0; i < 30; i += 1) await account.putRecords(StreamName, [record]);
    await clock.advance(60_000);
    expect(account.keptBytes).toBeLessThanOrEqual(5 * 2 ** 20);
    expect(account.keptBytes).toBeGreaterThan(3 * 2 ** 20);
    expect(warnings).toMatchObject([{ diskBytesMax: 5 * 2 ** 20 }]);
    const files = async () =>
      (await readdir(directory.path, { recursive: true })).filter((path) => path.endsWith('.log'));
    while ((await files()).length > 7) await new Promise((r) => setTimeout(r, 5));
    const client = clientOf(server.url);
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.length).toBeGreaterThan(5);
    client.destroy();
  });
});
