import {
  bucketPartitionKey,
  encodeResultsLine,
  resultsBucket,
  type DeadLetter,
  type Firing,
  type Logger,
  type Progress,
  type Row,
  type StreamRecord,
  type WindowPartial,
} from '@highwater/model';
import { MemoryStore, silentLogger, SimulatedClock } from '@highwater/testkit';
import { parseViews } from '@highwater/windowing';
import { Registry } from 'prom-client';
import type { Corrections } from '../src/corrections.ts';
import { defineUpsertWriterMetrics } from '../src/metrics.ts';
import { UpsertProcessor } from '../src/upsert-processor.ts';

/**
 * The partial of source `source` for the row of `series` in the window of 10 s that starts at
 * `startMs`.
 */
export function partial(
  source: string,
  contributions: number,
  options: { startMs?: number; series?: string; firing?: Firing; sum?: number } = {},
): WindowPartial {
  const { startMs = 0, series = 'a', firing = 'on_time', sum = contributions } = options;
  return {
    view: 'v',
    revision: 1,
    series: {
      measureName: 'm',
      measureValueType: 'DOUBLE',
      dimensions: [{ name: 'series', value: series }],
    },
    startMs,
    endMs: startMs + 10_000,
    source,
    accumulator: [sum, 0],
    contributions,
    lateContributions: 0,
    firing,
    newestEventTimeMs: startMs,
    newestArrivalTimeMs: startMs,
  };
}

/** A marker of `source`, which continues by default. */
export function progress(
  source: string,
  settledMs: number | null,
  rest: Partial<Progress> = {},
): Progress {
  return { source, settledMs, isEnded: false, children: [], peers: [], views: [], ...rest };
}

/** Later than any time in the tests. */
const arrivalTimeMs = Date.UTC(2100, 0);

/** One shard of the results stream, its writer, and a store in memory. */
export class UpsertHarness {
  readonly store = new MemoryStore();
  readonly letters: DeadLetter[] = [];
  readonly registry = new Registry();
  readonly processor: UpsertProcessor;
  readonly #clock = new SimulatedClock(0);
  #sequence = 0;
  #writes = 0;

  constructor(
    options: {
      openRowsMax?: number;
      fillAnchorsMax?: number;
      view?: object;
      store?: MemoryStore;
      corrections?: Corrections;
      log?: Logger;
    } = {},
  ) {
    this.store = options.store ?? this.store;
    this.processor = new UpsertProcessor({
      shardId: 'results-0',
      stream: 'results',
      views: parseViews({
        views: [{ name: 'v', window: { tumbling: '10s' }, allowedLateness: '5s', ...options.view }],
      }),
      maxFutureSkewMs: 900_000,
      openRowsMax: options.openRowsMax ?? 1_000,
      fillAnchorsMax: options.fillAnchorsMax ?? 1_000,
      store: {
        write: (rows: readonly Row[], signal) => {
          this.#writes += rows.length;
          return this.store.write(rows, signal);
        },
      },
      deadLetters: { put: async (letters) => void this.letters.push(...letters) },
      metrics: defineUpsertWriterMetrics(this.registry),
      clock: this.#clock,
      log: options.log ?? silentLogger,
      corrections: options.corrections,
      signal: new AbortController().signal,
    });
  }

  /** Rows sent to the store so far, including rejected ones. */
  get writesCount(): number {
    return this.#writes;
  }

  /** Delivers lines as one batch, each in its own record. */
  async deliver(...lines: readonly (WindowPartial | Progress | string)[]): Promise<void> {
    const records = lines.map((line): StreamRecord => {
      this.#sequence += 1;
      return {
        sequenceNumber: String(this.#sequence),
        partitionKey: bucketPartitionKey(bucketOf(line)),
        data: new TextEncoder().encode(encode(line)),
        arrivalTimeMs,
      };
    });
    await this.processor.process({
      stream: 'results',
      shardId: 'results-0',
      records,
      behindLatestMs: 0,
    });
  }

  /** `series|window end` -> value, for all rows in the store. */
  rows(): Record<string, string> {
    return Object.fromEntries(
      [...this.store.rows.values()].map((row) => [
        `${row.dimensions[0]?.value ?? ''}|${row.time}`,
        row.measureValue,
      ]),
    );
  }

  async counter(name: string): Promise<Record<string, number>> {
    const metric = await this.registry.getSingleMetric(name)?.get();
    return Object.fromEntries(
      (metric?.values ?? []).map(({ labels, value }) => [Object.values(labels).join(), value]),
    );
  }
}

function encode(line: WindowPartial | Progress | string): string {
  if (typeof line === 'string') return line;
  return 'settledMs' in line
    ? encodeResultsLine({ kind: 'progress', progress: line })
    : encodeResultsLine({ kind: 'partial', partial: line });
}

function bucketOf(line: WindowPartial | Progress | string): number {
  return typeof line === 'string' || 'settledMs' in line
    ? 0
    : resultsBucket(line.view, line.series);
}
