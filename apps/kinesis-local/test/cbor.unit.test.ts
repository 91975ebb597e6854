import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cborFormat } from '../src/wire/wire-formats.ts';

const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const hexOf = (body: Buffer | string) => Buffer.from(body).toString('hex');

/**
 * Bodies sent by the SDKs for Java 1.12.797 and 2.41.21, which both send the same bytes. The time
 * is 2026-11-28T12:39:09.200Z.
 */
const javaRequests: readonly { readonly call: string; readonly hex: string; value: object }[] = [
  { call: 'ListStreams', hex: 'bfff', value: {} },
  {
    call: 'GetShardIterator at a time',
    hex: `bf 6a 53747265616d4e616d65 66 706f696e7473 67 53686172644964
      74 736861726449642d303030303030303030303030
      71 53686172644974657261746f7254797065 6c 41545f54494d455354414d50
      69 54696d657374616d70 c1 1b 000001a222e1bd90 ff`,
    value: {
      StreamName: 'points',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: 1_795_881_549_200,
    },
  },
  {
    call: 'ListShards with two times',
    hex: `bf 6a 53747265616d4e616d65 66 706f696e7473
      77 53747265616d4372656174696f6e54696d657374616d70 c1 1b 000001a222e1bd90
      6b 536861726446696c746572 bf 64 54797065 6c 41545f54494d455354414d50
      69 54696d657374616d70 c1 1b 000001a222e1bd90 ff ff`,
    value: {
      StreamName: 'points',
      StreamCreationTimestamp: 1_795_881_549_200,
      ShardFilter: { Type: 'AT_TIMESTAMP', Timestamp: 1_795_881_549_200 },
    },
  },
  {
    call: 'GetRecords with a limit',
    hex: 'bf 6d 53686172644974657261746f72 62 6974 65 4c696d6974 19 2710 ff',
    value: { ShardIterator: 'it', Limit: 10_000 },
  },
  {
    call: 'PutRecords',
    hex: `bf 67 5265636f726473 9f bf 64 44617461 44 0001feff
      6c 506172746974696f6e4b6579 61 61 ff ff 6a 53747265616d4e616d65 66 706f696e7473 ff`,
    value: {
      Records: [{ Data: Buffer.from([0, 1, 254, 255]), PartitionKey: 'a' }],
      StreamName: 'points',
    },
  },
  {
    call: 'CreateStream with tags',
    hex: `bf 6a 53747265616d4e616d65 66 706f696e7473 6a 5368617264436f756e74 01
      64 54616773 bf 61 6b 61 76 ff ff`,
    value: { StreamName: 'points', ShardCount: 1, Tags: { k: 'v' } },
  },
  {
    call: 'DeleteStream with a flag',
    hex: `bf 6a 53747265616d4e616d65 66 706f696e7473
      77 456e666f726365436f6e73756d657244656c6574696f6e f5 ff`,
    value: { StreamName: 'points', EnforceConsumerDeletion: true },
  },
];

describe('a CBOR request', () => {
  it.each(javaRequests)('is read in the form of the SDKs for Java: $call', ({ hex, value }) => {
    expect(cborFormat.decode(bytesOf(hex))).toEqual(value);
  });

  // These SDKs write texts above 3,996 characters in chunks, and a policy may be that long.
  it('is read with a long text, which arrives in chunks', () => {
    const chunk = '79 0f9c'.concat('70'.repeat(3_996));
    const rest = '79 03ec'.concat('70'.repeat(1_004));
    const body = bytesOf(`bf 66 506f6c696379 7f ${chunk} ${rest} ff ff`);
    expect(cborFormat.decode(body)).toEqual({ Policy: 'p'.repeat(5_000) });
  });

  it.each<[what: string, hex: string, value: unknown]>([
    ['an integer of 8 bits', '18 18', 24],
    ['an integer of 16 bits', '19 0100', 256],
    ['an integer of 32 bits', '1a ffffffff', 2 ** 32 - 1],
    ['an integer of 64 bits', '1b 0000000100000000', 2 ** 32],
    ['a small integer in 64 bits', '1b 0000000000000001', 1],
    ['a negative integer', '20', -1],
    ['a negative integer of 64 bits', '3b 00000001ffffffff', -(2 ** 33)],
    ['a float of 32 bits', 'fa 3fc00000', 1.5],
    ['a float of 64 bits', 'fb 3ff8000000000000', 1.5],
    ['false', 'f4', false],
    ['null', 'f6', null],
    ['a map of definite length', 'a1 61 61 01', { a: 1 }],
    ['a list of definite length', '82 01 02', [1, 2]],
    ['bytes in chunks', '5f 42 0001 41 02 ff', Buffer.from([0, 1, 2])],
    ['a text beyond ASCII', '62 c3a9', 'é'],
    ['a tag that says it is CBOR', 'd9d9f7 01', 1],
  ])('may contain %s', (_what, hex, value) => {
    expect(cborFormat.decode(bytesOf(hex))).toEqual(value);
  });

  it.each<[what: string, hex: string]>([
    ['nothing', ''],
    ['an end without a start', 'ff'],
    ['a list without its end', '9f 01'],
    ['a text longer than the body', '63 6162'],
    ['a text whose length no memory holds', '7b ffffffffffffffff 61'],
    ['a list that promises more than it has', '9b ffffffffffffffff 01'],
    ['a chunk of another type', '7f 41 61 ff'],
    ['a key that is no text', 'a1 01 02'],
    ['a second value', '01 02'],
    ['lists nested too deep', '81'.repeat(100_000)],
    ['tags nested too deep', 'c1'.repeat(100_000)],
  ])('is rejected with %s', (_what, hex) => {
    expect(() => cborFormat.decode(bytesOf(hex))).toThrow(RangeError);
  });

  it('is read or rejected, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          cborFormat.decode(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a time in CBOR', () => {
  it.each<[hex: string, timeMs: number]>([
    ['c1 1b 000001a222d9bd90', 1_795_881_024_912],
    ['c1 1a 000f4240', 1_000_000],
    ['c1 19 1389', 5_001],
    ['c1 00', 0],
    ['c1 20', -1],
    ['c1 3b 000000e8d4a50fff', -1_000_000_000_000],
    ['c1 fb 427a222d9bd90000', 1_795_881_024_912],
    ['c1 fb 3ff4cccccccccccd', 1],
    ['1b 000001a222d9bd90', 1_795_881_024_912],
  ])('is read from %s as %d ms', (hex, timeMs) => {
    expect(cborFormat.readTimeMs(cborFormat.decode(bytesOf(hex)))).toBe(timeMs);
  });

  it.each(['f6', '61 31', 'c1 61 31', 'c1 fb 7ff8000000000000', 'c1 fb 7ff0000000000000'])(
    'is not %s',
    (hex) => {
      expect(cborFormat.readTimeMs(cborFormat.decode(bytesOf(hex)))).toBeUndefined();
    },
  );

  // SDK for Java 2 up to 2.30.38 parses the digits, so a fraction, or a float of any kind, is an
  // error.
  it.each<[timeMs: number, hex: string]>([
    [1_795_881_024_912, 'c11b000001a222d9bd90'],
    [4_294_967_296, 'c11b0000000100000000'],
    [4_294_967_295, 'c11affffffff'],
    [1, 'c101'],
    [0, 'c100'],
    [-1, 'c120'],
    [-1_000_000_000_000, 'c13b000000e8d4a50fff'],
  ])('of %d ms is written as %s', (timeMs, hex) => {
    expect(hexOf(cborFormat.encode(cborFormat.time(timeMs)))).toBe(hex);
  });
});

describe('a CBOR reply', () => {
  it.each<[what: string, value: unknown, hex: string]>([
    ['a count of 0', 0, '00'],
    ['a count of 24', 24, '1818'],
    ['a count of 256', 256, '190100'],
    ['a count of 65,536', 65_536, '1a00010000'],
    // MillisBehindLatest, after 50 days.
    ['a count beyond 32 bits', 4_320_000_000, '1b00000001017df800'],
    ['a fraction', 1.5, 'fb3ff8000000000000'],
    ['a flag', true, 'f5'],
    ['bytes', Buffer.from([0, 255]), '4200ff'],
    ['a text beyond ASCII', 'é', '62c3a9'],
    ['a list', ['a', 1], '82616101'],
    ['nothing for an undefined member', { a: undefined, b: 1 }, 'a1616201'],
    ['null', null, 'f6'],
  ])('contains %s', (_what, value, hex) => {
    expect(hexOf(cborFormat.encode(value))).toBe(hex);
  });

  it('grows with its content', () => {
    const reply = { Data: Buffer.alloc(70_000, 7), After: 'x'.repeat(3_000) };
    const wanted = `a2 64 44617461 5a 00011170 ${'07'.repeat(70_000)}
      65 4166746572 79 0bb8 ${'78'.repeat(3_000)}`;
    expect(hexOf(cborFormat.encode(reply))).toBe(hexOf(bytesOf(wanted)));
  });

  it('rejects values that no reply has', () => {
    expect(() => cborFormat.encode({ a: () => 1 })).toThrow(TypeError);
  });
});
