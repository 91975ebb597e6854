import { PointTemplates } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import { RecordFolder, WindowOperator } from '../src/index.ts';
import { view } from './operator-harness.ts';

const views = [
  view({ name: 'tumbling', window: { tumbling: '1s' }, allowedLateness: '500ms' }),
  view({ name: 'hopping', window: { hopping: { size: '1s', every: '300ms' } } }),
];
const options = { views, source: 's', outOfOrdernessMs: 100, maxFutureSkewMs: 0 };

/** Series appear and disappear like those of containers: each is seen once. */
const secondsCount = 500;
const seriesASecond = 2_000;

describe('the state of a shard over time', () => {
  // Goal: the size of the state depends on what is open, whatever was there before. Method: a
  // million series, each for a moment. Rows, series, and the numbers given to series never exceed
  // those of the open windows, and nothing is left once the watermark has passed the last cleanup
  // time.
  it('is limited over a million series, and empty after the last cleanup', () => {
    const operator = new WindowOperator({ ...options, views: views.slice(0, 1) });
    // Windows and lateness reach back two seconds and a half.
    const openMax = 3 * seriesASecond;
    const dimensions = [{ name: 'host', value: 'h' }];
    let mostSeries = 0;
    let accepted = 0;
    let emitted = 0;
    for (let second = 0; second < secondsCount; second++) {
      for (let index = 0; index < seriesASecond; index++) {
        const measureName = `m-${second}-${index}`;
        const series = { measureName, measureValueType: 'DOUBLE', dimensions } as const;
        const timeMs = second * 1_000 + Math.floor((index * 1_000) / seriesASecond);
        const origin = { sequenceNumber: '1', arrivalTimeMs: timeMs };
        const point = { series, value: '1', time: '', timeUnit: 'MILLISECONDS', timeMs } as const;
        if (operator.add(point, origin) === 'aggregated') accepted += 1;
        operator.endRecord();
      }
      emitted += [...operator.drain()].length;
      mostSeries = Math.max(mostSeries, operator.series.size);
    }
    expect(accepted).toBe(secondsCount * seriesASecond);
    expect(mostSeries).toBeLessThanOrEqual(openMax);
    const series = { measureName: 'end', measureValueType: 'VARCHAR', dimensions } as const;
    const timeMs = secondsCount * 1_000 + 10_000;
    const end = { series, value: '', time: '', timeUnit: 'MILLISECONDS', timeMs } as const;
    operator.add(end, { sequenceNumber: '2', arrivalTimeMs: timeMs });
    operator.endRecord();
    emitted += [...operator.drain()].length;
    expect(emitted).toBe(accepted);
    const { size } = operator.series;
    expect([size, operator.openRows, operator.openWindows]).toEqual([0, 0, 0]);
    expect(operator.replayFrom).toBeUndefined();
    // Numbers are used again: a new series gets one of the few that there are.
    expect(operator.series.intern(series)).toBeLessThan(openMax);
  });

  it('is also limited where templates are forgotten, in the folder of records', () => {
    const operator = new WindowOperator(options);
    const templates = new PointTemplates({ templatesMax: 500 });
    const folder = new RecordFolder(operator, templates);
    const encoder = new TextEncoder();
    const outcomes = new Map<string, number>();
    const listener = {
      point: (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
      refused: () => outcomes.set('refused', (outcomes.get('refused') ?? 0) + 1),
    };
    for (let index = 0; index < 20_000; index++) {
      const timeMs = 1_000 + index;
      // Each series a few times, so that templates are recognised, then never again.
      const text =
        `{"MeasureName":"m","MeasureValue":"1","MeasureValueType":"DOUBLE","Time":"${timeMs}",` +
        `"TimeUnit":"MILLISECONDS","host":"h-${Math.floor(index / 100)}-${index % 10}"}`;
      const record = { partitionKey: '', sequenceNumber: '1', arrivalTimeMs: timeMs };
      folder.fold({ ...record, data: encoder.encode(text) }, listener);
      for (const partial of operator.drain()) expect(partial.contributions).toBeLessThanOrEqual(10);
      expect(templates.size).toBeLessThanOrEqual(500);
    }
    expect(outcomes).toEqual(new Map([['aggregated', 20_000]]));
    expect(operator.series.size).toBeLessThan(500);
  });
});
