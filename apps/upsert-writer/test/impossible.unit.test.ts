import {
  bucketPartitionKey,
  decodeResultsRecord,
  encodeResultsLine,
  encodeResultsRecord,
  resultsBucket,
  type Point,
  type Progress,
  type Series,
  type WindowPartial,
} from '@highwater/model';
import { aggregates, parseViews, WindowOperator, type View } from '@highwater/windowing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyNoPartial, whyNoProgress } from '../src/impossible.ts';
import { partial, progress, UpsertHarness } from './harness.ts';

const maxFutureSkewMs = 900_000;
const arrivalTimeMs = Date.UTC(2024, 0);
const threeThousandMs = Date.UTC(3000, 0);

function viewOf(rest: object): View {
  const [view] = parseViews({
    views: [{ name: 'v', window: { tumbling: '10s' }, allowedLateness: '1d', ...rest }],
  });
  if (!view) throw new Error('one view was given');
  return view;
}

function recordOf({ view, series }: WindowPartial) {
  return {
    sequenceNumber: '1',
    partitionKey: bucketPartitionKey(resultsBucket(view, series)),
    data: new Uint8Array(),
    arrivalTimeMs,
  };
}

const everything = viewOf({
  aggregates: ['avg', 'min', 'max', 'stddev', 'first', 'last', 'delta', 'p99', 'distinct'],
});

/** The partial that an aggregator sends for three points, 1, 2, and 6, in a window of 10 s. */
function honest(view = everything): WindowPartial {
  const operator = new WindowOperator({
    views: [view],
    source: 'shardId-000000000000',
    outOfOrdernessMs: 0,
    maxFutureSkewMs,
  });
  const dimensions = [
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
  ];
  const series = { measureName: 'm', measureValueType: 'DOUBLE', dimensions } as const;
  const startMs = arrivalTimeMs - 60_000;
  for (const [at, value] of ['1', '2', '6'].entries()) {
    const timeMs = startMs + at * 1_000;
    operator.add(pointOf(series, value, timeMs), { sequenceNumber: '1', arrivalTimeMs: timeMs });
  }
  const [sent] = operator.fire('idle', Number.POSITIVE_INFINITY);
  if (!sent) throw new Error('three points make a row');
  return overTheWire(sent);
}

function pointOf(series: Series, value: string, timeMs: number): Point {
  return { series, value, timeMs, time: String(timeMs), timeUnit: 'MILLISECONDS' };
}

function overTheWire(sent: WindowPartial): WindowPartial {
  const line = encodeResultsLine({ kind: 'partial', partial: sent });
  const [decoded] = decodeResultsRecord(encodeResultsRecord([line]));
  if (!decoded?.ok || decoded.line.kind !== 'partial') throw new Error('it can be read');
  return decoded.line.partial;
}

const whyNot = (forged: WindowPartial, record = recordOf(forged)) =>
  whyNoPartial(everything, forged, record, maxFutureSkewMs);

describe('a partial that no aggregator has sent', () => {
  const good = honest();
  const cells = (change: (cells: number[]) => void): WindowPartial => {
    const accumulator = [...good.accumulator];
    change(accumulator);
    return { ...good, accumulator };
  };
  const at =
    (number: number, rest = 0) =>
    (state: number[]) => {
      state[number] = rest;
    };
  const { series } = good;

  it('is distinguished from one that an aggregator has sent', () => {
    expect(whyNot(good)).toBeUndefined();
    expect(good.accumulator.slice(0, 7)).toEqual([9, 0, 1, 0, 6, 0, 3]);
  });

  it.each<readonly [string, WindowPartial]>([
    ['a source that is no shard', { ...good, source: 'shard 1' }],
    ['a source with a name that is too long', { ...good, source: 's'.repeat(129) }],
    ['more points than can be', { ...good, contributions: 2 ** 40 }],
    ['more late points than points', { ...good, lateContributions: 4 }],
    [
      'a window beside those of the view',
      { ...good, startMs: good.startMs + 1, endMs: good.endMs + 1 },
    ],
    ['a window that is too long', { ...good, endMs: good.endMs + 10_000 }],
    [
      'a window without a date',
      { ...good, startMs: 10_000 * 2 ** 39, endMs: 10_000 * (2 ** 39 + 1) },
    ],
    ['a newest point before its window', { ...good, newestEventTimeMs: good.startMs - 1 }],
    ['a newest point after its window', { ...good, newestEventTimeMs: good.endMs }],
    ['a newest point that is still to arrive', { ...good, newestArrivalTimeMs: threeThousandMs }],
    ['a newest point that was refused', { ...good, newestArrivalTimeMs: good.startMs - 900_001 }],
    ['a series of texts', { ...good, series: { ...series, measureValueType: 'VARCHAR' } }],
    [
      'dimensions in another order',
      { ...good, series: { ...series, dimensions: series.dimensions.toReversed() } },
    ],
    [
      'a dimension twice',
      {
        ...good,
        series: { ...series, dimensions: [...series.dimensions, { name: 'b', value: '2' }] },
      },
    ],
    [
      'the name of a bound',
      { ...good, series: { ...series, dimensions: [{ name: 'window_end', value: '' }] } },
    ],
    ['a measure that no point has', { ...good, series: { ...series, measureName: 'm:n' } }],
    [
      'a series that is too large',
      { ...good, series: { ...series, measureName: 'm'.repeat(201) } },
    ],
    ['an average below the least value', cells(at(0, 2.9))],
    ['an average above the greatest value', cells(at(0, 19))],
    ['a sum whose rest is larger', cells(at(1, 1_000))],
    ['a least value above the greatest', cells(at(2, 7))],
    ['no least value', cells(at(2, Number.NaN))],
    ['another count of points', cells(at(6, 4))],
    ['squares below zero', cells(at(8, -1))],
    ['a first point before the window', cells(at(9, good.startMs - 1))],
    ['a last point after the window', cells(at(12, good.endMs))],
    ['values that are neither whole nor not', cells(at(15, 0.5))],
    ['fewer points than it lists', { ...good, contributions: 2 }],
  ])('is rejected: %s', (_, forged) => {
    expect(whyNot(forged)).toBeTypeOf('string');
  });

  it('is rejected for a change to any number in the lists of its accumulator', () => {
    const changes = [Number.NaN, -1, 0.5, 1e15];
    const listsAt = everything.layout.cellsCount;
    for (let number = listsAt; number < good.accumulator.length; number++) {
      for (const change of changes) {
        const forged = cells(at(number, change));
        // Values and their arrivals may be any finite numbers, and a bin may be any.
        const isFree = everything.layout.accepts(forged.accumulator) && Number.isFinite(change);
        if (isFree) continue;
        const isRefused =
          !everything.layout.accepts(forged.accumulator) || whyNot(forged) !== undefined;
        expect({ number, change, isRefused }).toEqual({ number, change, isRefused: true });
      }
    }
  });

  it('is rejected in the bucket of another row', () => {
    const record = { ...recordOf(good), partitionKey: bucketPartitionKey(0) };
    expect(resultsBucket(good.view, good.series)).not.toBe(0);
    expect(whyNot(good, record)).toMatch(
      /^its row belongs to bucket \d+, but its record has the partition key of another bucket$/,
    );
  });
});

describe('a marker that no aggregator has sent', () => {
  const good = progress('shardId-000000000000', arrivalTimeMs);
  const record = { ...recordOf(honest()), partitionKey: bucketPartitionKey(5) };
  const begin = { view: 'v', revision: 1, beginsAtMs: arrivalTimeMs };

  it('is distinguished from one that an aggregator has sent', () => {
    const children = ['shardId-000000000001', 'shardId-000000000002'];
    for (const sent of [
      good,
      { ...good, settledMs: null, peers: ['shardId-000000000000', ...children] },
      { ...good, isEnded: true, children },
      { ...good, views: [begin, { ...begin, view: 'w', beginsAtMs: null }] },
    ]) {
      expect(whyNoProgress(sent, record, maxFutureSkewMs)).toBeUndefined();
    }
  });

  it.each<readonly [string, Progress]>([
    ['the year 3000', { ...good, settledMs: threeThousandMs }],
    ['a source that is no shard', { ...good, source: '' }],
    ['a peer that is no shard', { ...good, peers: ['a b'] }],
    ['a child that is no shard', { ...good, isEnded: true, children: ['\n'] }],
    ['children of a shard that goes on', { ...good, children: ['s1'] }],
    ['three children', { ...good, isEnded: true, children: ['s1', 's2', 's3'] }],
    ['itself as its child', { ...good, isEnded: true, children: [good.source] }],
    ['peers of a shard that has ended', { ...good, isEnded: true, peers: ['s1'] }],
    ['a view twice', { ...good, views: [begin, begin] }],
    ['a revision of 2^40', { ...good, views: [{ ...begin, revision: 2 ** 40 }] }],
    ['a begin in the year 3000', { ...good, views: [{ ...begin, beginsAtMs: threeThousandMs }] }],
  ])('is rejected: %s', (_, forged) => {
    expect(whyNoProgress(forged, record, maxFutureSkewMs)).toBeTypeOf('string');
  });

  it('is rejected in no bucket', () => {
    const elsewhere = { ...record, partitionKey: 'p' };
    expect(whyNoProgress(good, elsewhere, maxFutureSkewMs)).toBe(
      'its record has a partition key that no bucket has',
    );
  });
});

describe('an impossible line', () => {
  it('is set aside with its bytes, and changes no row', async () => {
    const harness = new UpsertHarness();
    const forged = partial('s1', 2 ** 40, { sum: 0 });
    const settles = progress('s1', threeThousandMs);
    const ends = progress('s1', 0, { children: ['s2'] });
    await harness.deliver(partial('s1', 2), forged, settles, ends);
    await harness.deliver(partial('s1', 3, { sum: 9 }));
    const reasons = harness.letters.map(({ reason }) => reason);
    expect(reasons).toEqual(['impossible', 'impossible', 'impossible']);
    const payloads = harness.letters.map(({ payload }) => new TextDecoder().decode(payload));
    expect(payloads[1]).toBe(encodeResultsLine({ kind: 'progress', progress: settles }));
    expect(harness.rows()).toEqual({ 'a|10000': '3' });
    expect(await harness.counter('upsert_writer_partials_total')).toEqual({
      joined: 2,
      dead_lettered: 1,
    });
  });

  it('does not stop the service, although each part of it is possible', async () => {
    const harness = new UpsertHarness();
    const claims = Array.from({ length: 8 }, (_, i) => partial(`s${i}`, 2 ** 36, { sum: 2 ** 36 }));
    await harness.deliver(...claims);
    expect(harness.letters).toEqual([]);
    expect(harness.rows()).toEqual({ 'a|10000': '1' });
  });
});

const anyValue = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '5e-324',
    '1e308',
    '-1e308',
    '1.7976931348623157e308',
    '0.1',
    '1e-300',
  ),
);
const anyWhole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const anyPoint = fc.record({
  value: fc.oneof(
    anyValue.map((value) => ({ value, measureValueType: 'DOUBLE' as const })),
    anyWhole.map((value) => ({ value, measureValueType: 'BIGINT' as const })),
  ),
  agoMs: fc.integer({ min: -maxFutureSkewMs, max: 40_000 }),
  isBurst: fc.boolean(),
});

const match = { measures: ['m'] };
const clocked = { early: '1s', late: { coalesce: '1s' } };
const windows: readonly object[] = [
  { tumbling: '10s' },
  { tumbling: '7s', offset: '3s' },
  { hopping: { size: '10s', every: '3s' } },
  { hopping: { size: '3s', every: '10s' } },
  { tumbling: '1d', timeZone: 'America/New_York' },
];

/**
 * Goal: the output of an aggregator is never rejected. Method: points of any value and order, with
 * and without duplicates, through the aggregator's own operator and over the wire, in windows of
 * all kinds.
 */
describe('the output of an aggregator', () => {
  it.each(windows)('is never rejected, in windows of %o', (window) => {
    const anyView = fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...aggregates), { minLength: 1 }),
        fc.constantFrom(
          { duplicates: 'count', groupBy: ['host'] },
          { duplicates: 'count', groupBy: { except: ['host'] } },
          { duplicates: 'ignore' },
          { duplicates: 'replace' },
        ),
      )
      .map(([wanted, rest]) => viewOf({ ...rest, aggregates: wanted, window, match, ...clocked }));
    fc.assert(
      fc.property(anyView, fc.array(anyPoint, { maxLength: 60 }), (view, points) => {
        for (const sent of sentOf(view, points)) {
          expect(view.layout.accepts(sent.accumulator)).toBe(true);
          expect(whyNoPartial(view, sent, recordOf(sent), maxFutureSkewMs)).toBeUndefined();
        }
      }),
      { numRuns: 200 },
    );
  });
});

interface AnyPoint {
  readonly value: { readonly value: string; readonly measureValueType: 'DOUBLE' | 'BIGINT' };
  readonly agoMs: number;
  readonly isBurst: boolean;
}

function* sentOf(view: View, points: readonly AnyPoint[]): Generator<WindowPartial> {
  const operator = new WindowOperator({
    views: [view],
    source: 'shardId-000000000000',
    outOfOrdernessMs: 1_000,
    maxFutureSkewMs,
  });
  for (const [at, { value, agoMs, isBurst }] of points.entries()) {
    const arrivedMs = arrivalTimeMs - 100_000 + at * 1_000;
    const series = {
      measureName: 'm',
      measureValueType: value.measureValueType,
      dimensions: [{ name: 'host', value: 'h' }],
    };
    const point = pointOf(series, value.value, arrivedMs - agoMs);
    // More points of one series than a list of points keeps.
    const repeats = isBurst && at === 0 ? 5_000 : 1;
    for (let repeat = 0; repeat < repeats; repeat++) {
      operator.add(point, { sequenceNumber: String(at), arrivalTimeMs: arrivedMs });
    }
    for (const sent of [...operator.drain(), ...operator.tick(arrivedMs)]) yield overTheWire(sent);
  }
  for (const sent of operator.fire('idle', Number.POSITIVE_INFINITY)) yield overTheWire(sent);
}
