import { SeededRandom } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { decodeResultsRecord, encodeResultsLine, encodeResultsRecord } from '../src/index.ts';
import type { ResultsLine } from '../src/results-codec.ts';

const partial = (contributions: number): ResultsLine => ({
  kind: 'partial',
  partial: {
    view: 'five-minute-average',
    revision: 1,
    series: {
      measureName: 'cpu_ü',
      measureValueType: 'DOUBLE',
      dimensions: [{ name: 'host', value: `h-${contributions}` }],
    },
    startMs: 0,
    endMs: 300_000,
    source: 'shardId-000000000001',
    accumulator: [contributions * 1.5, 0],
    contributions,
    lateContributions: 0,
    firing: 'on_time',
    newestEventTimeMs: 299_999,
    newestArrivalTimeMs: 300_000,
  },
});

const marker: ResultsLine = {
  kind: 'progress',
  progress: {
    source: 'shardId-000000000001',
    settledMs: 1_700_000_000_000,
    isEnded: true,
    children: ['shardId-000000000002', 'shardId-000000000003'],
    peers: [],
    views: [{ view: 'five-minute-average', revision: 1, beginsAtMs: null }],
  },
};

/** Every kind of record on the results stream. */
const kinds: Readonly<Record<string, readonly ResultsLine[]>> = {
  'one partial': [partial(1)],
  'many partials': Array.from({ length: 60 }, (_, i) => partial(i + 1)),
  'a marker': [marker],
};

type Damage = (data: Buffer, random: SeededRandom) => Buffer;

const damages: Readonly<Record<string, Damage>> = {
  'a flipped bit': (data, random) => flip(data, random),
  'several flipped bits': (data, random) =>
    Array.from({ length: random.int(2, 9) }).reduce<Buffer>((each) => flip(each, random), data),
  'a cut end': (data, random) => data.subarray(0, random.int(0, data.length)),
  'a cut beginning': (data, random) => data.subarray(random.int(1, data.length + 1)),
  'lines without a beginning': (data, random) => {
    const ends = [...data.keys()].filter((at) => data[at - 1] === 0x1e);
    return data.subarray(random.pick([5, ...ends]));
  },
  'a piece taken out': (data, random) => {
    const at = random.int(0, data.length);
    return Buffer.concat([data.subarray(0, at), data.subarray(at + random.int(1, 40))]);
  },
  'two pieces changed round': (data, random) => {
    const [first, second] = [random.int(0, data.length), random.int(0, data.length)];
    const swapped = Buffer.from(data);
    for (let i = 0; i < 8; i++) {
      const [a, b] = [(first + i) % data.length, (second + i) % data.length];
      swapped[a] = data[b] as number;
      swapped[b] = data[a] as number;
    }
    return swapped;
  },
  'zeros in place of bytes': (data, random) => {
    const at = random.int(0, data.length);
    return Buffer.from(data).fill(0, at, Math.min(data.length, at + random.int(1, 100)));
  },
  garbage: (data, random) => Buffer.from(data.map(() => random.int(0, 256))),
  'nothing left': () => Buffer.alloc(0),
};

function flip(data: Buffer, random: SeededRandom): Buffer {
  const flipped = Buffer.from(data);
  const at = random.int(0, data.length);
  flipped[at] = (data[at] as number) ^ (1 << random.int(0, 8));
  return flipped;
}

const runs = 200;

/**
 * Goal: damage is never accepted as valid data. Method: 6,000 damaged records, of every kind of
 * record and by every kind of damage. Each is either read completely and unchanged, or rejected
 * with its bytes.
 */
describe('a record of the results stream that was damaged in transit', () => {
  describe.each(Object.entries(kinds))('%s', (kind, lines) => {
    const data = Buffer.from(encodeResultsRecord(lines.map(encodeResultsLine)));
    const whole = JSON.stringify(lines.map((line) => ({ ok: true, line })));

    it.each(Object.entries(damages))('is rejected or unchanged after %s', (name, damage) => {
      const random = new SeededRandom(`${kind}, ${name}`);
      for (let run = 0; run < runs; run++) {
        const damaged = damage(data, random);
        const decoded = [...decodeResultsRecord(damaged)];
        const isRight = JSON.stringify(decoded) === whole;
        const isRefused = decoded.length > 0 && decoded.every(({ ok }) => !ok);
        expect(isRight || isRefused ? [] : [run, decoded]).toEqual([]);
      }
    });
  });

  it('is described by its problem, with all of its bytes', () => {
    const data = encodeResultsRecord([encodeResultsLine(marker)]);
    const damaged = Buffer.from(data);
    damaged[40] = (damaged[40] as number) ^ 1;
    expect([...decodeResultsRecord(damaged)]).toEqual([
      {
        ok: false,
        reason: 'damaged',
        detail: `the checksum of its ${data.length - 5} bytes of lines does not match its header`,
        payload: damaged,
      },
    ]);
    expect([...decodeResultsRecord(new Uint8Array())]).toMatchObject([{ reason: 'empty' }]);
    expect([...decodeResultsRecord(data.subarray(0, 3))]).toMatchObject([{ reason: 'damaged' }]);
    const newer = Buffer.from(data).fill(3, 0, 1);
    expect([...decodeResultsRecord(newer)]).toMatchObject([
      { detail: 'its first byte is 3, but records of this format start with 2' },
    ]);
  });
});
