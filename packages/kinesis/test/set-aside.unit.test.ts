import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Checkpoint, SetAsideRecord } from '../src/leases/lease-store.ts';
import { afterRecord } from '../src/api/read-position.ts';
import { letterOf, stillNeeded } from '../src/consuming/set-aside.ts';

const hourMs = 3_600_000;
const retentionMs = 24 * hourMs;
const at = (sequenceNumber: number, sub = 0, arrivalTimeMs = 0): SetAsideRecord => ({
  sequenceNumber: String(sequenceNumber),
  ...(sub > 0 ? { subSequenceNumber: sub } : {}),
  arrivalTimeMs,
});
const setAside = [at(9), at(10, 1), at(10, 2), at(11)];
const needed = (checkpoint: Checkpoint, nowMs = 0) =>
  stillNeeded(setAside, checkpoint, { nowMs, retentionMs });

describe('stillNeeded', () => {
  const position = afterRecord('10', 1);

  it('keeps records after the checkpoint, including those within an aggregate', () => {
    expect(needed({ position, watermarkMs: 5 })).toEqual([at(10, 2), at(11)]);
  });

  it('keeps records that a rebuild would read again', () => {
    expect(needed({ position, replayFrom: { sequenceNumber: '10' } })).toEqual(setAside.slice(1));
    expect(needed({ position, replayFrom: { sequenceNumber: '3' } })).toEqual(setAside);
  });

  it('keeps all while a rebuild would start at the beginning of the shard, until they have expired', () => {
    expect(needed({ position })).toEqual(setAside);
    expect(needed({ position }, retentionMs + 23 * hourMs)).toEqual(setAside);
    expect(needed({ position }, retentionMs + 25 * hourMs)).toEqual(setAside.slice(2));
  });

  it('keeps all for a shard that was not read yet, and none for one that was read to its end', () => {
    expect(needed({ position: { type: 'TRIM_HORIZON' } })).toEqual(setAside);
    expect(needed({ position: { type: 'SHARD_END' } })).toEqual([]);
  });

  it('keeps every record that reading from the checkpoint or from the replay floor reaches', () => {
    const record = fc.tuple(fc.nat(20), fc.nat(2)).map(([number, sub]) => at(number, sub));
    fc.assert(
      fc.property(fc.array(record), fc.nat(20), fc.nat(20), (records, floor, read) => {
        const replayFrom = { sequenceNumber: String(floor) };
        const checkpoint = { position: afterRecord(String(read), 0), watermarkMs: 1, replayFrom };
        const kept = stillNeeded(records, checkpoint, { nowMs: Infinity, retentionMs });
        const met = records.filter(({ sequenceNumber, subSequenceNumber: sub = 0 }) => {
          const index = Number(sequenceNumber);
          return index > read || (index === read && sub > 0) || index >= floor;
        });
        expect(kept).toEqual(met);
      }),
    );
  });
});

describe('letterOf', () => {
  const record = { ...at(10, 2, 7), partitionKey: 'k', data: Buffer.from('bytes') };
  const from = { stage: 'tester', stream: 'points', shardId: 'shardId-0' };

  it('contains the bytes of the record and the error in one line of limited length', () => {
    const error = new TypeError(`of\nundefined\u0007 ${'x'.repeat(1_000)}`);
    const letter = letterOf({ record, guilt: { because: 'it_threw', error } }, from);
    expect(letter).toMatchObject({ ...from, ...at(10, 2, 7), payload: record.data });
    expect(letter.reason).toBe('processing_failed');
    expect(letter.detail).toMatch(/^TypeError: of undefined x+…$/);
    expect(letter.detail).toHaveLength(300);
  });

  it('says that a process has ended, if there is no error', () => {
    const { detail } = letterOf({ record, guilt: { because: 'process_ended' } }, from);
    expect(detail).toBe('the process crashed 3 times while it processed this record alone');
  });
});
