import { bytesField, encodeAggregate, numberField, sealAggregate } from '@highwater/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aggregate, type SubRecord } from '../src/kpl/aggregate.ts';

const anyRecord = fc.record({
  partitionKey: fc.oneof(
    fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
    // Keys that look like integers, which a JavaScript object would reorder.
    fc.integer({ min: 0, max: 50 }).map(String),
  ),
  explicitHashKey: fc.option(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String), {
    nil: undefined,
  }),
  data: fc.uint8Array({ maxLength: 300 }),
});

const open = (bytes: Uint8Array): SubRecord[] | undefined => {
  const aggregate = Aggregate.open(bytes);
  return aggregate && [...aggregate.records()];
};

const plain = ({ partitionKey, explicitHashKey, data }: SubRecord) => ({
  partitionKey,
  explicitHashKey,
  data: Buffer.from(data).toString('hex'),
});

describe('Aggregate', () => {
  it('returns what was packed, with every key at its own data', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 40 }), (records) => {
        const aggregate = Aggregate.open(encodeAggregate(records));
        expect(aggregate?.recordsCount).toBe(records.length);
        expect([...(aggregate?.records() ?? [])].map(plain)).toEqual(records.map(plain));
      }),
    );
  });

  it('reads the format as the producer library documents it, byte by byte', () => {
    const [magic, message, md5] = [
      'f3899ac2',
      '0a016b1a0708001a03616263',
      'b16451e13012204dcb995441b5d68b1d',
    ];
    expect(open(Buffer.from(`${magic}${message}${md5}`, 'hex'))?.map(plain)).toEqual([
      { partitionKey: 'k', explicitHashKey: undefined, data: '616263' },
    ]);
  });

  it('treats bytes with damage anywhere as a plain record', () => {
    fc.assert(
      fc.property(
        fc.array(anyRecord, { minLength: 1, maxLength: 10 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (records, place, change) => {
          const bytes = encodeAggregate(records);
          const at = place % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ change;
          expect(Aggregate.open(bytes)).toBeUndefined();
          expect(Aggregate.open(encodeAggregate(records).subarray(0, at))).toBeUndefined();
        },
      ),
    );
  });

  // Goal: nobody who can put records can break a reader. Method: any bytes with a valid digest.
  it('opens any message or none, and returns only bytes of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (message) => {
        const bytes = sealAggregate(message);
        for (const { data } of open(bytes) ?? []) {
          expect(data.buffer).toBe(bytes.buffer);
          expect(data.byteOffset).toBeGreaterThanOrEqual(bytes.byteOffset);
          expect(data.byteOffset + data.length).toBeLessThanOrEqual(
            bytes.byteOffset + bytes.length - 16,
          );
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [
      'points beyond the table',
      Buffer.concat([numberField(1, 1), bytesField(3, Buffer.from('x'))]),
    ],
    ['has no key', bytesField(3, Buffer.from('x'))],
    ['has no data', numberField(1, 0)],
    [
      'points beyond the hash keys',
      Buffer.concat([numberField(1, 0), numberField(2, 0), bytesField(3, Buffer.from('x'))]),
    ],
    ['is cut off', Buffer.from([0x08])],
    ['has a length beyond its end', Buffer.from([0x08, 0x00, 0x1a, 0x7f, 0x61])],
    ['has a number without an end', Buffer.from([0x08, ...Array<number>(12).fill(0xff)])],
  ])('is a plain record when one of its records %s', (_, record) => {
    const message = Buffer.concat([bytesField(1, Buffer.from('k')), bytesField(3, record)]);
    expect(Aggregate.open(sealAggregate(message))).toBeUndefined();
  });

  it('reads tables after the records, skips unknown fields, and counts an empty aggregate', () => {
    const record = Buffer.concat([
      bytesField(4, Buffer.from('a tag')),
      bytesField(3, Buffer.from('x')),
      numberField(1, 0),
      numberField(9, 2 ** 40),
    ]);
    const message = Buffer.concat([
      bytesField(3, record),
      numberField(7, 1),
      bytesField(1, Buffer.from('k')),
    ]);
    expect(open(sealAggregate(message))?.map(plain)).toEqual([
      { partitionKey: 'k', explicitHashKey: undefined, data: '78' },
    ]);
    expect(Aggregate.open(sealAggregate(Buffer.alloc(0)))?.recordsCount).toBe(0);
  });

  it('opens a table of a million unused keys', () => {
    const message = Buffer.alloc(2_000_000, bytesField(1, Buffer.alloc(0)));
    expect(Aggregate.open(sealAggregate(message))?.recordsCount).toBe(0);
  });
});
