import { startKinesisLocal } from '../src/start-kinesis-local.ts';
import { scanSegment } from '../src/files/scan-segment.ts';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const streamName = 'points';
const recordsCount = 50;

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kinesis-local-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('scanSegment', () => {
  // Goal: a start cuts off what is damaged, and nothing else. Method: a file system that answers each
  // read with a part of what was asked for, as a network or a shared one may.
  it('finds every record when a read gives less than it was asked for', async () => {
    {
      const dataDirectory = directory;
      await using server = await startKinesisLocal({ port: 0, transitionMs: 0, dataDirectory });
      await server.account.createStream({ streamName });
      const data = Buffer.alloc(1_000);
      const record = { partitionKey: 'a', data };
      await server.account.putRecords(
        streamName,
        Array.from({ length: recordsCount }, () => record),
      );
    }
    const [path = ''] = (await readdir(directory, { recursive: true })).filter((each) =>
      each.endsWith('.log'),
    );
    await using file = await open(join(directory, path));
    const { size } = await file.stat();
    const short = {
      stat: file.stat.bind(file),
      read: ((bytes: Buffer, at: number, length: number, offset: number) =>
        file.read(bytes, at, Math.min(length, 700), offset)) as typeof file.read,
    };
    const { places, intactBytes } = await scanSegment(short, 1);
    expect(intactBytes).toBe(size);
    expect(places.reduce((sum, each) => sum + each.recordsCount, 0)).toBe(recordsCount);
  });
});
