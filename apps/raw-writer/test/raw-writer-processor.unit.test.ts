import type { DeadLetter, RowOutcome, Store } from '@highwater/model';
import { MemoryStore, SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { defineRawWriterMetrics } from '../src/metrics.ts';
import { RawWriterProcessor } from '../src/raw-writer-processor.ts';

class Harness {
  readonly letters: DeadLetter[] = [];
  readonly registry = new Registry();
  readonly processor: RawWriterProcessor;

  constructor(store: Store) {
    this.processor = new RawWriterProcessor({
      store,
      maxFutureSkewMs: 900_000,
      deadLetters: { put: async (letters) => void this.letters.push(...letters) },
      metrics: defineRawWriterMetrics(this.registry),
      clock: new SimulatedClock(0),
      signal: new AbortController().signal,
    });
  }

  async deliver(values: readonly unknown[], arrivalTimeMs = 1_700_000_000_000): Promise<void> {
    const records = values.map((value, index) => ({
      sequenceNumber: String(index + 1),
      partitionKey: '',
      data: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
      arrivalTimeMs,
    }));
    await this.processor.process({ stream: 'raw', shardId: 's1', records, behindLatestMs: 0 });
  }

  async points(): Promise<Record<string, number>> {
    const metric = await this.registry.getSingleMetric('raw_writer_points_total')?.get();
    return Object.fromEntries(
      (metric?.values ?? []).map(({ labels, value }) => [String(labels['outcome']), value]),
    );
  }
}

const point = (value: number) => ({
  MeasureName: 'm',
  MeasureValue: value,
  Time: '1700000000123456789',
  TimeUnit: 'NANOSECONDS',
  host: 'h',
});

describe('the raw writer of a shard', () => {
  it('writes a point with its exact time, and its arrival as the version', async () => {
    const store = new MemoryStore();
    await new Harness(store).deliver([point(1.5)], 1_700_000_000_500);
    expect([...store.rows.values()]).toEqual([
      {
        measureName: 'm',
        measureValueType: 'DOUBLE',
        measureValue: '1.5',
        dimensions: [{ name: 'host', value: 'h' }],
        time: '1700000000123456789',
        timeUnit: 'NANOSECONDS',
        version: 1_700_000_000_500,
      },
    ]);
  });

  it('lets the later arrival win, in whatever order records are delivered', async () => {
    const store = new MemoryStore();
    const harness = new Harness(store);
    await harness.deliver([point(2)], 1_700_000_000_020);
    await harness.deliver([point(1)], 1_700_000_000_010);
    expect([...store.rows.values()].map(({ measureValue }) => measureValue)).toEqual(['2']);
    expect(await harness.points()).toEqual({ written: 1, already_newer: 1, dead_lettered: 0 });
  });

  it('sets aside a point that claims to be from the future, like the aggregator', async () => {
    const store = new MemoryStore();
    const harness = new Harness(store);
    const at = (Time: number) => ({ ...point(1), Time, TimeUnit: 'MILLISECONDS' });
    await harness.deliver([at(1_900_000), at(1_900_001)], 1_000_000);
    expect(harness.letters).toMatchObject([
      {
        reason: 'future',
        sequenceNumber: '2',
        detail: expect.stringMatching(/^its time is 900 s/) as string,
      },
    ]);
    expect(await harness.points()).toEqual({ written: 1, already_newer: 0, dead_lettered: 1 });
  });

  it('sets a record aside once, whether raw-writer or the store rejects its points', async () => {
    const store: Store = {
      write: async (rows) =>
        rows.map(({ measureValue }) =>
          measureValue === '7'
            ? { status: 'rejected', reason: 'time_out_of_range', detail: 'too old' }
            : { status: 'written' },
        ),
    };
    const harness = new Harness(store);
    const record = [point(7), point(1), { ...point(1), Time: 'x' }, point(7), point(7), 8];
    await harness.deliver([record, [point(1)], [point(7)]]);
    expect(harness.letters).toMatchObject([
      {
        reason: 'store_time_out_of_range',
        detail: 'too old',
        sequenceNumber: '1',
        elements: {
          refused: 5,
          ranges: [
            [0, 0],
            [2, 5],
          ],
          reasons: { store_time_out_of_range: 3, time_invalid: 1, not_an_object: 1 },
        },
      },
      { reason: 'store_time_out_of_range', sequenceNumber: '3' },
    ]);
    expect(harness.letters[1]).not.toHaveProperty('elements');
    expect(await harness.points()).toEqual({ written: 2, already_newer: 0, dead_lettered: 6 });
  });

  it('sets aside rows that the store rejects, with the record and the reason', async () => {
    const refuse: RowOutcome = {
      status: 'rejected',
      reason: 'time_out_of_range',
      detail: 'too old',
    };
    const harness = new Harness({ write: async (rows) => rows.map(() => refuse) });
    await harness.deliver([point(1), 'no JSON']);
    expect(harness.letters).toMatchObject([
      { reason: 'store_time_out_of_range', detail: 'too old', sequenceNumber: '1' },
      { reason: 'not_json', sequenceNumber: '2', stage: 'raw-writer' },
    ]);
    expect(await harness.points()).toEqual({ written: 0, already_newer: 0, dead_lettered: 2 });
  });
});
