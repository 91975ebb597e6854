import {
  decodeResultsRecord,
  resultsBucketsCount,
  type DeadLetter,
  type OutgoingRecord,
  type Progress,
  type WindowPartial,
} from '@highwater/model';
import { silentLogger } from '@highwater/testkit';
import { parseViews } from '@highwater/windowing';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { AggregatorProcessor } from '../src/aggregator-processor.ts';
import { defineAggregatorMetrics } from '../src/metrics.ts';

const shard = { stream: 'raw', shardId: 's1', parentShardIds: [] };
const arrivalTimeMs = 1_000_000;

/** A view of windows of ten seconds. */
function ofRevision(revision: number) {
  const window = { tumbling: '10s' };
  return parseViews({ views: [{ name: 'v', revision, window, allowedLateness: '5s' }] });
}

class Harness {
  readonly put: OutgoingRecord[] = [];
  readonly letters: DeadLetter[] = [];
  readonly registry = new Registry();
  readonly processor: AggregatorProcessor;

  constructor(views = ofRevision(1)) {
    this.processor = new AggregatorProcessor({
      shardId: 's1',
      views,
      outOfOrdernessMs: 0,
      maxFutureSkewMs: 900_000,
      seriesMax: 1_000,
      windowsMax: 1_000,
      rowsMax: 10_000,
      putResults: async (records) => void this.put.push(...records),
      deadLetters: { put: async (letters) => void this.letters.push(...letters) },
      metrics: defineAggregatorMetrics(this.registry),
      log: silentLogger,
    });
  }

  async deliver(...values: readonly unknown[]): Promise<void> {
    const records = values.map((value, index) => ({
      sequenceNumber: String(index + 1),
      partitionKey: '',
      data:
        value instanceof Uint8Array
          ? value
          : new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
      arrivalTimeMs,
    }));
    await this.processor.process({ stream: 'raw', shardId: 's1', records, behindLatestMs: 0 });
  }

  lines() {
    return this.put.flatMap(({ data }) =>
      [...decodeResultsRecord(data)].map((decoded) => {
        if (!decoded.ok) throw new Error(decoded.detail);
        return decoded.line;
      }),
    );
  }

  partials(): WindowPartial[] {
    return this.lines().flatMap((line) => (line.kind === 'partial' ? [line.partial] : []));
  }

  progress(): Progress[] {
    return this.lines().flatMap((line) => (line.kind === 'progress' ? [line.progress] : []));
  }

  async points(): Promise<Record<string, number>> {
    const metric = await this.registry.getSingleMetric('aggregator_points_total')?.get();
    return Object.fromEntries(
      (metric?.values ?? []).map(({ labels, value }) => [String(labels['outcome']), value]),
    );
  }
}

const point = (timeMs: number, rest: Record<string, unknown> = {}) => ({
  MeasureName: 'm',
  MeasureValue: 1,
  Time: timeMs,
  host: 'h',
  ...rest,
});

describe('the aggregator of a shard', () => {
  it('counts every point in exactly one outcome, and sets aside points that it cannot use', async () => {
    const harness = new Harness();
    await harness.deliver(
      point(1_000),
      point(30_000),
      point(2_000), // final since the previous point
      point(26_000), // its window has been emitted, but its lateness has not passed
      point(31_000, { MeasureValueType: 'VARCHAR', MeasureValue: 'text' }),
      point(arrivalTimeMs + 86_400_000),
      'no JSON',
      Uint8Array.of(0xff),
      [point(32_000), point(33_000, { MeasureName: '' })],
    );
    expect(await harness.points()).toEqual({
      aggregated: 3,
      too_late: 1,
      refined: 1,
      unmatched: 1,
      dead_lettered: 4,
    });
    expect(harness.letters.map(({ reason, sequenceNumber }) => [reason, sequenceNumber])).toEqual([
      ['future', '6'],
      ['not_json', '7'],
      ['not_utf8', '8'],
      ['measure_name_missing', '9'],
    ]);
  });

  it('sets a record aside once, however many of its points are rejected', async () => {
    const harness = new Harness();
    const ahead = arrivalTimeMs + 86_400_000;
    const record = [
      ...Array.from({ length: 1_800 }, () => point(ahead)),
      point(1_000),
      point(2_000, { MeasureName: null }),
    ];
    await harness.deliver(record);
    expect(harness.letters).toMatchObject([
      {
        reason: 'future',
        detail: expect.stringMatching(/^its time is 86400 s after its arrival/) as string,
        elements: {
          refused: 1_801,
          ranges: [
            [0, 1_799],
            [1_801, 1_801],
          ],
          reasons: { future: 1_800, measure_name_missing: 1 },
        },
        payload: new TextEncoder().encode(JSON.stringify(record)),
      },
    ]);
    expect(await harness.points()).toEqual({ aggregated: 1, dead_lettered: 1_801 });
  });

  it('sends one partial for a row that a batch has changed several times', async () => {
    const harness = new Harness();
    await harness.deliver(point(1_000), point(12_000), point(2_000), point(3_000));
    expect(harness.partials()).toMatchObject([
      { startMs: 0, endMs: 10_000, contributions: 3, lateContributions: 2, firing: 'late' },
    ]);
  });

  it('fires due windows of an idle shard by the clock, without moving the watermark', async () => {
    const harness = new Harness();
    await harness.deliver(point(1_000));
    await harness.processor.tick(10_000, false);
    expect(harness.partials()).toEqual([]);
    await harness.processor.tick(10_000, true);
    expect(harness.partials()).toMatchObject([{ contributions: 1, firing: 'idle' }]);
    expect(harness.processor.snapshot().watermarkMs).toBe(999);
  });

  it('names its peers first, then its settled time, to every bucket', async () => {
    const harness = new Harness();
    await harness.processor.open({ shard, parentSnapshots: [], peerShardIds: ['s2'] });
    expect(harness.progress()).toHaveLength(resultsBucketsCount);
    expect(harness.progress()[0]).toMatchObject({ settledMs: null, peers: ['s2'] });
    await harness.deliver(point(1_000));
    await harness.processor.committed();
    expect(harness.progress().at(-1)).toMatchObject({
      settledMs: 999,
      isEnded: false,
      views: [{ view: 'v', revision: 1, beginsAtMs: null }],
    });
  });

  it('says from when it computes a raised view, also to its children', async () => {
    const before = new Harness();
    await before.deliver(point(1_000), point(500));
    const after = new Harness(ofRevision(2));
    const ownSnapshot = before.processor.snapshot().state;
    await after.processor.open({ shard, ownSnapshot, parentSnapshots: [], peerShardIds: [] });
    const views = [{ view: 'v', revision: 2, beginsAtMs: 1_001 }];
    expect(after.progress()[0]).toMatchObject({ views });
    await after.processor.close('shard_end', ['s2']);
    expect(after.progress().at(-1)).toMatchObject({ isEnded: true, views });
  });

  it('promises whole milliseconds, even when its shard is idle', async () => {
    const harness = new Harness();
    await harness.processor.tick(10_000_000.25, true);
    await harness.processor.committed();
    expect(harness.progress().at(-1)).toMatchObject({ settledMs: 9_700_000 });
  });

  it('sends everything open, and the child shards, when its shard ends', async () => {
    const harness = new Harness();
    await harness.deliver(point(1_000));
    await harness.processor.close('shard_end', ['s2', 's3']);
    expect(harness.partials()).toMatchObject([{ contributions: 1, firing: 'shard_end' }]);
    expect(harness.progress().at(-1)).toMatchObject({ isEnded: true, children: ['s2', 's3'] });
  });

  it("gives a child the lowest of its parents' watermarks and none of their points", async () => {
    const [slow, fast, child] = [new Harness(), new Harness(), new Harness()];
    await slow.deliver(point(1_000));
    await fast.deliver(point(50_000));
    const parentSnapshots = [slow, fast].map(({ processor }) => processor.snapshot().state);
    await child.processor.open({ shard, parentSnapshots, peerShardIds: [] });
    expect(child.processor.snapshot().watermarkMs).toBe(999);
    await child.processor.close('shard_end', []);
    expect(child.partials()).toEqual([]);
  });

  // A row of the new revision would replace the old one, with only the child's points.
  it('gives a child no window of a changed view if a parent has seen a part of it', async () => {
    const [slow, fast, child] = [new Harness(), new Harness(), new Harness(ofRevision(2))];
    await slow.deliver(point(1_000));
    await fast.deliver(point(5_000));
    const parentSnapshots = [slow, fast].map(({ processor }) => processor.snapshot().state);
    await child.processor.open({ shard, parentSnapshots, peerShardIds: [] });
    const grandchild = new Harness(ofRevision(2));
    const ofChild = [child.processor.snapshot().state];
    await grandchild.processor.open({ shard, parentSnapshots: ofChild, peerShardIds: [] });
    for (const heir of [child, grandchild]) {
      await heir.deliver(point(9_000), point(11_000));
      await heir.processor.close('shard_end', []);
      expect(heir.partials()).toMatchObject([{ revision: 2, startMs: 10_000, contributions: 1 }]);
    }
  });

  it('rejects a child if a parent used another definition of the view with the same revision', async () => {
    const parent = new Harness();
    await parent.deliver(point(1_000));
    const views = [{ name: 'v', window: { tumbling: '20s' }, allowedLateness: '5s' }];
    const child = new Harness(parseViews({ views }));
    const parentSnapshots = [parent.processor.snapshot().state];
    const opening = child.processor.open({ shard, parentSnapshots, peerShardIds: [] });
    await expect(opening).rejects.toThrow('give it a higher revision');
  });

  it('says where a rebuild without its snapshot must start reading', async () => {
    const harness = new Harness();
    await harness.deliver(point(1_000), point(21_000), point(22_000));
    expect(harness.processor.snapshot().replayFrom).toEqual({
      sequenceNumber: '2',
      watermarkMs: 999,
      newestEventTimeMs: 1_000,
    });
  });
});
