import type { StreamRecord } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attemptsMax,
  CarefulReading,
  isWatched,
  type Piece,
} from '../src/consuming/careful-reading.ts';
import type { Checkpoint } from '../src/leases/lease-store.ts';
import { afterRecord } from '../src/api/read-position.ts';

const record = (index: number): StreamRecord => ({
  sequenceNumber: String(100 + Math.floor(index / 3)),
  subSequenceNumber: index % 3,
  partitionKey: 'k',
  data: new Uint8Array(),
  arrivalTimeMs: 0,
});
const records = Array.from({ length: 12 }, (_, index) => record(index));
const idOf = (index: number) => {
  const { sequenceNumber, subSequenceNumber } = record(index);
  return { sequenceNumber, subSequenceNumber };
};
const unread: Checkpoint = { position: { type: 'TRIM_HORIZON' } };
const bug = new TypeError('of undefined');

/**
 * `0-3 4! 5? 6*`: together, alone, alone and stored beforehand, guilty. Records set aside are
 * omitted.
 */
function shown(pieces: Iterable<Piece>): string {
  const indexOf = (each: StreamRecord) => records.indexOf(each);
  return [...pieces]
    .flatMap((piece) => {
      if (piece.type === 'set_aside') return [];
      if (piece.type === 'together') {
        const indices = piece.records.map(indexOf);
        return indices.length === 1 ? `${indices[0]}` : `${indices[0]}-${indices.at(-1)}`;
      }
      if (piece.type === 'guilty') return `${indexOf(piece.record)}*`;
      return `${indexOf(piece.record)}${piece.attempt === undefined ? '!' : `?${piece.attempt}`}`;
    })
    .join(' ');
}

const begun = (checkpoint: Checkpoint) => {
  const careful = new CarefulReading(checkpoint);
  careful.begin(checkpoint);
  return careful;
};

describe('CarefulReading', () => {
  it('leaves a batch whole while nothing has failed', () => {
    expect(shown(begun(unread).pieces(records))).toBe('0-11');
  });

  it('reads a failed batch record by record, and nothing else', () => {
    const careful = begun(unread);
    expect(careful.failed(records.slice(3, 6), bug)).toBe(0);
    expect(shown(careful.pieces(records))).toBe('0-2 3! 4! 5! 6-11');
  });

  it('returns to whole batches when all suspects have passed', () => {
    const careful = begun(unread);
    careful.failed(records.slice(3, 6), bug);
    expect(careful.passed(record(4))).toBe(false);
    expect(careful.passed(record(5))).toBe(true);
    expect(careful.passed(record(6))).toBe(false);
    expect(shown(careful.pieces(records))).toBe('0-11');
  });

  it('finds a record guilty that fails alone three times, and tries the records after it', () => {
    const careful = begun(unread);
    careful.failed(records.slice(3, 6), bug);
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      expect(shown(careful.pieces(records))).toMatch(/ 4! 5! 6-11$/);
      expect(careful.failed([record(4)], bug)).toBe(attempt);
    }
    expect(shown(careful.pieces(records))).toBe('0-3 4* 5! 6-11');
  });

  it('forgets the failures of records before a checkpoint', () => {
    const careful = begun(unread);
    for (let attempt = 0; attempt < attemptsMax; attempt++) careful.failed([record(4)], bug);
    careful.checkpointed(afterRecord(record(3).sequenceNumber, 0));
    expect(shown(careful.pieces(records))).toContain('4*');
    careful.checkpointed(afterRecord(record(4).sequenceNumber, record(4).subSequenceNumber));
    expect(shown(careful.pieces(records))).not.toContain('*');
  });

  it('stores each attempt on records that may have ended the process', () => {
    const suspects = { first: idOf(3), last: idOf(5), attempts: 0 };
    expect(shown(begun({ ...unread, suspects }).pieces(records))).toBe('0-2 3?1 4?1 5?1 6-11');
  });

  it('counts the attempts of earlier processes on one record, and then skips it', () => {
    const onTrial = (attempts: number) =>
      shown(
        begun({ ...unread, suspects: { first: idOf(4), last: idOf(4), attempts } }).pieces(records),
      );
    expect(onTrial(0)).toBe('0-3 4?1 5-11');
    expect(onTrial(2)).toBe('0-3 4?3 5-11');
    expect(onTrial(3)).toBe('0-3 4* 5-11');
  });

  it('forgets the attempts of earlier processes when the record passes, or now throws', () => {
    const suspects = { first: idOf(4), last: idOf(4), attempts: 2 };
    const passed = begun({ ...unread, suspects });
    passed.passed(record(4));
    expect(shown(passed.pieces(records))).toBe('0-11');
    const thrown = begun({ ...unread, suspects });
    thrown.failed([record(4)], bug);
    expect(shown(thrown.pieces(records))).toBe('0-3 4! 5-11');
  });

  it('skips records that a checkpoint lists as set aside', () => {
    const setAside = [1, 4].map((index) => ({ ...idOf(index), arrivalTimeMs: 0 }));
    expect(shown(begun({ ...unread, setAside }).pieces(records))).toBe('0 2-3 5-11');
  });

  it('returns every record once and in order, whatever has failed', () => {
    const failure = fc
      .tuple(fc.nat(11), fc.nat(11))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    fc.assert(
      fc.property(fc.array(failure), fc.subarray([...records.keys()]), (failures, aside) => {
        const setAside = aside.map((index) => ({ ...idOf(index), arrivalTimeMs: 0 }));
        const careful = begun({ ...unread, setAside });
        for (const [start = 0, end = 0] of failures)
          careful.failed(records.slice(start, end + 1), bug);
        const given = [...careful.pieces(records)].flatMap((piece) =>
          piece.type === 'together' ? piece.records : [piece.record],
        );
        expect(given).toEqual(records);
      }),
    );
  });

  it('watches a shard that was opened three times without a checkpoint', () => {
    const openings = [undefined, 1, 2, 3, 4];
    expect(openings.map((count) => isWatched({ ...unread, openings: count }))).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});
