import { startKinesisLocal } from '../src/start-kinesis-local.ts';
import { isFollowedByRecord, scanSegment } from '../src/files/scan-segment.ts';
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
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
  // Goal: a start cuts off damaged bytes, and nothing else. Method: a file system that answers each
  // read with a part of the requested bytes, as a network file system may.
  it('finds every record when a read returns less than requested', async () => {
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

describe('isFollowedByRecord', () => {
  // Goal: a record that is crafted to look like many does not delay the start. Method: one that
  // claims a long record at every few bytes, which no checksum confirms. Not all of them are tried.
  it('limits the bytes of tried checksums to a multiple of the existing bytes', async () => {
    const bytes = Buffer.alloc(4 * 2 ** 20);
    const headerBytes = 24;
    for (let at = 0; at + headerBytes <= bytes.length / 2; at += headerBytes) {
      bytes.writeUInt32BE(bytes.length / 2 - headerBytes, at + 4);
      bytes.writeUIntBE(8, at + 10, 6);
    }
    await writeFile(join(directory, 'segment'), bytes);
    await using file = await open(join(directory, 'segment'));
    expect(await isFollowedByRecord(file, 0, 7)).toBe(true);
    expect(await isFollowedByRecord(file, bytes.length / 2, 7)).toBe(false);
  });
});
