import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketHashKey,
  bucketPartitionKey,
  decodeResultsRecord,
  encodeResultsLine,
  encodeResultsRecord,
  isBucketPartitionKey,
  resultsBucket,
  resultsBucketsCount,
  type Series,
} from '../src/index.ts';
import { firings } from '../src/partial.ts';
import type { ResultsLine } from '../src/results-codec.ts';

const anyTime = fc.integer({ min: -1e12, max: 2e12 });
const anyCell = fc.double({ noNaN: true, noDefaultInfinity: true }).map((cell) => cell + 0);
const anyLine: fc.Arbitrary<ResultsLine> = fc.oneof(
  fc.record({
    kind: fc.constant('partial' as const),
    partial: fc.record({
      view: fc.string({ minLength: 1 }),
      revision: fc.nat(),
      series: fc.record({
        measureName: fc.string({ minLength: 1 }),
        measureValueType: fc.constantFrom('DOUBLE', 'BIGINT'),
        dimensions: fc.array(fc.record({ name: fc.string(), value: fc.string() })),
      }),
      startMs: anyTime,
      endMs: fc.integer({ min: 2e12 + 1, max: 3e12 }),
      source: fc.string({ minLength: 1 }),
      accumulator: fc.array(anyCell),
      contributions: fc.integer({ min: 1 }),
      lateContributions: fc.nat(),
      firing: fc.constantFrom(...firings),
      newestEventTimeMs: anyTime,
      newestArrivalTimeMs: anyTime,
    }),
  }),
  fc.record({
    kind: fc.constant('progress' as const),
    progress: fc.record({
      source: fc.string({ minLength: 1 }),
      settledMs: fc.option(anyTime),
      isEnded: fc.boolean(),
      children: fc.array(fc.string()),
      peers: fc.array(fc.string()),
      views: fc.array(
        fc.record({
          view: fc.string({ minLength: 1 }),
          revision: fc.nat(),
          beginsAtMs: fc.option(anyTime),
        }),
      ),
    }),
  }),
);

const progress: ResultsLine = {
  kind: 'progress',
  progress: { source: 's', settledMs: 1, isEnded: false, children: [], peers: [], views: [] },
};

describe('a record of the results stream', () => {
  it('returns the encoded lines, in order', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 5 }), (lines) => {
        const texts = lines.map(encodeResultsLine);
        const decoded = lines.map((line) => ({ ok: true, line }));
        expect([...decodeResultsRecord(encodeResultsRecord(texts))]).toEqual(decoded);
        // In the previous format, without a checksum.
        const data = new TextEncoder().encode(texts.join('\n'));
        expect([...decodeResultsRecord(data)]).toEqual(decoded);
      }),
    );
  });

  it('reads a sum beyond the range of doubles as not a number, and keeps the rest', () => {
    const [line] = fc.sample(
      anyLine.filter(({ kind }) => kind === 'partial'),
      { numRuns: 1, seed: 1 },
    );
    if (line?.kind !== 'partial') throw new Error('a partial was sampled');
    const accumulator = [Number.POSITIVE_INFINITY, 1];
    const data = encodeResultsLine({ kind: 'partial', partial: { ...line.partial, accumulator } });
    const [decoded] = decodeResultsRecord(new TextEncoder().encode(data));
    expect(decoded).toMatchObject({
      ok: true,
      line: { partial: { accumulator: [Number.NaN, 1] } },
    });
  });

  it('reads the markers of a release that sent nothing about its views', () => {
    const old = { source: 's', settledMs: 1, isEnded: false, children: [], peers: [] };
    const data = new TextEncoder().encode(JSON.stringify({ kind: 'progress', progress: old }));
    const line = { kind: 'progress', progress: { ...old, views: [] } };
    expect([...decodeResultsRecord(data)]).toEqual([{ ok: true, line }]);
  });

  it.each([
    ['not_json', '{"kind":'],
    ['not_a_result', '{"kind":"partial"}'],
    ['not_a_result', '{"kind":"something"}'],
    ['not_a_result', '7'],
  ])('rejects a line as %s and keeps its neighbors', (reason, bad) => {
    const good = encodeResultsLine({
      kind: 'progress',
      progress: { source: 's', settledMs: 1, isEnded: false, children: [], peers: [], views: [] },
    });
    const decoded = [...decodeResultsRecord(new TextEncoder().encode(`${good}\n${bad}\n${good}`))];
    expect(decoded.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(decoded[1]).toMatchObject({ reason, payload: new TextEncoder().encode(bad) });
  });

  it.each([
    ['a cell that is a text', { accumulator: [1, '2'] }],
    ['a cell beyond the range of doubles', { accumulator: ['1e999'] }],
    ['a dimension that is no object', { dimensions: ['d'] }],
    ['a dimension that is null', { dimensions: [null] }],
    ['a dimension without a name', { dimensions: [{ value: 'v' }] }],
    ['a dimension whose value is a number', { dimensions: [{ name: 'd', value: 1 }] }],
    ['a window that ends where it starts', { endMs: 0 }],
  ])('rejects a partial with %s', (_, changes: Record<string, unknown>) => {
    const { dimensions = [], ...members } = changes;
    const partial = {
      view: 'v',
      revision: 1,
      series: { measureName: 'm', measureValueType: 'DOUBLE', dimensions },
      startMs: 0,
      endMs: 10,
      source: 's',
      accumulator: [1, 0],
      contributions: 1,
      lateContributions: 0,
      firing: 'on_time',
      newestEventTimeMs: 1,
      newestArrivalTimeMs: 1,
    };
    const read = (line: unknown) => {
      const text = JSON.stringify(line).replace('"1e999"', '1e999');
      return [...decodeResultsRecord(new TextEncoder().encode(text))];
    };
    const good = { ...partial, series: { ...partial.series, dimensions: [] } };
    expect(read({ kind: 'partial', partial: good })).toMatchObject([{ ok: true }]);
    const bad = { kind: 'partial', partial: { ...partial, ...members } };
    expect(read(bad)).toMatchObject([{ ok: false, reason: 'not_a_result' }]);
  });

  it('reads a line of 1 MiB, and none that is longer', () => {
    const line = encodeResultsLine(progress);
    const bytesMax = 1024 * 1024;
    expect([...decodeResultsRecord(encodeResultsRecord([line.padEnd(bytesMax)]))]).toEqual([
      { ok: true, line: progress },
    ]);
    expect([
      ...decodeResultsRecord(encodeResultsRecord([line.padEnd(bytesMax + 1)])),
    ]).toMatchObject([{ ok: false, reason: 'too_large' }]);
  });

  it('skips empty lines', () => {
    const line = encodeResultsLine(progress);
    const data = new TextEncoder().encode(`${line}\n\n${line}\n\n`);
    const decoded = { ok: true, line: progress };
    expect([...decodeResultsRecord(data)]).toEqual([decoded, decoded]);
  });

  it('rejects a header with nothing after it, although its checksum is right', () => {
    expect([...decodeResultsRecord(Uint8Array.of(2, 0, 0, 0, 0))]).toMatchObject([
      { ok: false, reason: 'damaged' },
    ]);
  });

  it('gives a short description of a line that lacks many members', () => {
    const [decoded] = decodeResultsRecord(
      new TextEncoder().encode('{"kind":"partial","partial":{}}'),
    );
    expect(decoded).toMatchObject({
      reason: 'not_a_result',
      detail: expect.stringMatching(/^.{1,240}$/s) as string,
    });
  });

  it('rejects bytes that are not UTF-8', () => {
    expect([...decodeResultsRecord(Uint8Array.of(0x7b, 0xff))]).toMatchObject([
      { ok: false, reason: 'not_utf8' },
    ]);
  });

  it('gives a short description of a problem, and checks it once', () => {
    const wrong = JSON.stringify({
      kind: 'progress',
      progress: {
        source: 's',
        settledMs: 1,
        isEnded: false,
        children: [],
        peers: Array(300_000).fill(1),
      },
    });
    const [decoded] = decodeResultsRecord(new TextEncoder().encode(wrong));
    expect(decoded).toMatchObject({
      reason: 'not_a_result',
      detail: expect.stringMatching(/^.{1,240}$/s) as string,
    });
    expect(decoded).toMatchObject({ detail: expect.stringContaining('list of texts') as string });
  });

  it('rejects a record that consists of faults, with the rest of its bytes', () => {
    const text = `${'{\n'.repeat(100)}${encodeResultsLine(progress)}\n{\nrest`;
    const decoded = [...decodeResultsRecord(new TextEncoder().encode(text))];
    expect(decoded).toHaveLength(102);
    expect(decoded.slice(-2)).toMatchObject([
      { ok: true },
      { reason: 'too_many_faults', payload: new TextEncoder().encode('{\nrest') },
    ]);
  });
});

describe('the bucket of a view row', () => {
  it('is always the same, in range, and spreads rows over all buckets', () => {
    const series = (measureName: string): Series => ({
      measureName,
      measureValueType: 'DOUBLE',
      dimensions: [{ name: 'region', value: 'us_east_1' }],
    });
    const buckets = Array.from({ length: 10_000 }, (_, i) =>
      resultsBucket('view', series(`series-${i}`)),
    );
    const counts = new Map<number, number>();
    for (const bucket of buckets) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    expect(counts.size).toBe(resultsBucketsCount);
    // Even within a factor of two: no shard of the results stream gets twice the share of another.
    expect(Math.max(...counts.values())).toBeLessThan(2 * Math.min(...counts.values()));
    // Pinned, because a change would send partials of open rows to another shard than before.
    expect(resultsBucket('five-minute-average', series('cpu_user'))).toBe(11);
  });

  it('has hash keys at equal distances over the whole range', () => {
    expect(bucketHashKey(0)).toBe('0');
    expect(BigInt(bucketHashKey(32))).toBe(2n ** 127n);
    expect(BigInt(bucketHashKey(63))).toBe((2n ** 128n / 64n) * 63n);
  });

  it('has a partition key of its own', () => {
    const keys = Array.from({ length: resultsBucketsCount }, (_, bucket) =>
      bucketPartitionKey(bucket),
    );
    expect(new Set(keys).size).toBe(resultsBucketsCount);
    expect(keys.every(isBucketPartitionKey)).toBe(true);
    expect(isBucketPartitionKey(`bucket-${resultsBucketsCount}`)).toBe(false);
  });

  it.each([-1, 0.5, resultsBucketsCount])('does not exist outside the range: %d', (bucket) => {
    expect(() => bucketHashKey(bucket)).toThrow(`bucket=${bucket}`);
  });
});
