import { describe, expect, it } from 'vitest';
import { cleanupTimeMs, Watermark } from '../src/index.ts';
import { assignHoppingWindows } from '../src/views/hopping-windows.ts';
import { assignTumblingWindow } from '../src/views/tumbling-window.ts';
import { isTooLate, maxTimestampMs } from '../src/time-window.ts';
import { OperatorHarness, point, view } from './operator-harness.ts';

// Goal: Flink's rules hold to the letter. Method: each case cites the rule that it pins, with the
// numbers of Flink's own tests where there are some.

describe('R1: a window starts at the floor of the event time, shifted by the offset', () => {
  it.each([
    { at: 0, size: 5000, offset: 0, start: 0 },
    { at: 4999, size: 5000, offset: 0, start: 0 },
    { at: 5000, size: 5000, offset: 0, start: 5000 },
    { at: -1, size: 5000, offset: 0, start: -5000 },
    { at: -5000, size: 5000, offset: 0, start: -5000 },
    { at: -5001, size: 5000, offset: 0, start: -10_000 },
    { at: 99, size: 5000, offset: 100, start: -4900 },
    { at: 100, size: 5000, offset: 100, start: 100 },
    { at: -4900, size: 5000, offset: 100, start: -4900 },
    { at: 1, size: 7, offset: 3, start: -4 },
    { at: 2, size: 7, offset: 3, start: -4 },
    { at: 3, size: 7, offset: 3, start: 3 },
    { at: 9, size: 7, offset: 3, start: 3 },
    { at: 10, size: 7, offset: 3, start: 10 },
    { at: 1470902048450, size: 86_400_000, offset: 57_600_000, start: 1470844800000 },
  ])('puts $at into the window at $start (size $size, offset $offset)', (row) => {
    const window = assignTumblingWindow(row.at, { sizeMs: row.size, offsetMs: row.offset });
    expect(window).toEqual({ startMs: row.start, endMs: row.start + row.size });
  });
});

describe('R3: hopping windows', () => {
  it.each([
    { at: 0, size: 5000, every: 1000, offset: 0, starts: [0, -1000, -2000, -3000, -4000] },
    { at: 9, size: 10, every: 4, offset: 0, starts: [8, 4, 0] },
    { at: 1500, size: 1000, every: 2000, offset: 0, starts: [] },
    { at: 1999, size: 1000, every: 2000, offset: 1000, starts: [1000] },
    { at: -1, size: 4, every: 2, offset: 1, starts: [-1, -3] },
  ])('$at is in the windows from $starts', ({ at, size, every, offset, starts }) => {
    const windows = assignHoppingWindows(at, { sizeMs: size, everyMs: every, offsetMs: offset });
    expect(windows.map(({ startMs }) => startMs)).toEqual(starts);
    for (const { startMs, endMs } of windows) expect(endMs - startMs).toBe(size);
  });

  it('case 8: counts a point that is too late for some of its windows', () => {
    const shard = new OperatorHarness([
      view({ window: { hopping: { size: '10ms', every: '5ms' } } }),
    ]);
    shard.element(12);
    expect(shard.watermark(14)).toEqual(['a[5,15)=1 on_time']);
    expect(shard.add(point(13))).toBe('partly_too_late');
    expect(shard.watermark(19)).toEqual(['a[10,20)=2 on_time']);
  });

  it('case 9: counts a point that lies between windows', () => {
    const hopping = { size: '1s', every: '2s' };
    const shard = new OperatorHarness([view({ window: { hopping } })]);
    expect(shard.add(point(1500))).toBe('unassigned');
    expect(shard.add(point(2500))).toBe('aggregated');
    shard.watermark(3000);
    expect(shard.operator.series.size).toBe(0);
  });

  it('corrects every emitted window of a late point', () => {
    const shard = new OperatorHarness([
      view({ window: { hopping: { size: '10ms', every: '5ms' } }, allowedLateness: '1s' }),
    ]);
    shard.element(12);
    shard.watermark(30);
    expect(shard.element(13)).toEqual(['a[5,15)=2 late', 'a[10,20)=2 late']);
  });
});

describe('R5, R10, R11: the times of a window', () => {
  const window = { startMs: 0, endMs: 2 };

  it('R5: its maximum timestamp is its end minus one', () => {
    expect(maxTimestampMs(window)).toBe(1);
  });

  it('R10: it is cleaned up at the maximum timestamp plus the lateness', () => {
    expect(cleanupTimeMs(window, 20)).toBe(21);
  });

  it('R11: it accepts points below its cleanup time and none from it on', () => {
    expect(isTooLate(window, 20, 20)).toBe(false);
    expect(isTooLate(window, 20, 21)).toBe(true);
  });
});

describe('R6, R26: the watermark', () => {
  it.each([
    { outOfOrderness: 10, events: [1337], watermark: 1326 },
    { outOfOrderness: 10, events: [12_345, 12_300, 12_340, 12_280], watermark: 12_334 },
    { outOfOrderness: 0, events: [10], watermark: 9 },
    { outOfOrderness: 0, events: [], watermark: Number.NEGATIVE_INFINITY },
  ])('R26: is $watermark after $events with $outOfOrderness ms of disorder', (row) => {
    const watermark = new Watermark(row.outOfOrderness);
    for (const event of row.events) {
      watermark.observe(event, event);
      watermark.endRecord();
    }
    expect(watermark.currentMs).toBe(row.watermark);
  });

  it('R26: moves with every record, so a late one in the same batch is judged by it', () => {
    const shard = new OperatorHarness([view()]);
    expect(shard.add(point(5))).toBe('aggregated');
    expect(shard.add(point(25))).toBe('aggregated');
    expect(shard.add(point(6))).toBe('too_late');
  });

  it('ours: follows the stream, not the clock of a producer that is ahead', () => {
    const watermark = new Watermark(10);
    watermark.observe(900, 100);
    watermark.endRecord();
    expect(watermark.currentMs).toBe(89);
    watermark.observe(95, 120);
    watermark.endRecord();
    expect(watermark.currentMs).toBe(89);
    watermark.observe(115, 120);
    watermark.endRecord();
    expect(watermark.currentMs).toBe(104);
  });

  it('ours: moves when a record ends, by the newest of its points', () => {
    const watermark = new Watermark(0);
    for (const timeMs of [30, 50, 40]) watermark.observe(timeMs, 60);
    expect(watermark.currentMs).toBe(Number.NEGATIVE_INFINITY);
    expect(watermark.endRecord()).toBe(true);
    expect(watermark.currentMs).toBe(49);
  });

  it('R6: never moves back', () => {
    const watermark = new Watermark(0);
    watermark.observe(10, 10);
    expect(watermark.endRecord()).toBe(true);
    watermark.observe(5, 12);
    expect(watermark.endRecord()).toBe(false);
    expect(watermark.currentMs).toBe(9);
  });
});

describe('firing and lateness, windows of 10 ms, summing', () => {
  it('R7: fires when the watermark reaches the end minus one, and not before', () => {
    const shard = new OperatorHarness([view()]);
    expect(shard.element(9)).toEqual([]);
    expect(shard.element(5)).toEqual([]);
    expect(shard.watermark(8)).toEqual([]);
    expect(shard.watermark(9)).toEqual(['a[0,10)=2 on_time']);
  });

  it('R8: fires a passed window within the lateness at the end of the batch that adds a point', () => {
    const shard = new OperatorHarness([view({ allowedLateness: '5ms' })]);
    shard.element(5);
    shard.watermark(9);
    expect(shard.element(7)).toEqual(['a[0,10)=2 late']);
  });

  it('R9: a point behind the watermark is on time while its window is open', () => {
    const shard = new OperatorHarness([view()]);
    shard.element(5);
    shard.watermark(7);
    shard.element(7);
    expect(shard.add(point(3))).toBe('aggregated');
    expect(shard.watermark(9)).toEqual(['a[0,10)=3 on_time']);
  });

  it('R11: accepts below the cleanup time, rejects from it on, and keeps nothing after it', () => {
    const shard = new OperatorHarness([view({ allowedLateness: '5ms' })]);
    shard.element(5);
    expect(shard.watermark(9)).toEqual(['a[0,10)=1 on_time']);
    shard.watermark(13);
    expect(shard.element(8)).toEqual(['a[0,10)=2 late']);
    shard.watermark(14);
    expect(shard.add(point(9))).toBe('too_late');
    expect(shard.drain()).toEqual([]);
    expect(shard.operator.openRows).toBe(0);
    expect(shard.operator.series.size).toBe(0);
  });

  it('R12: counts a point that is too late, and one that belongs to no view', () => {
    const shard = new OperatorHarness([view()]);
    shard.watermark(20);
    expect(shard.add(point(9))).toBe('too_late');
    const text = point(30);
    expect(shard.add({ ...text, series: { ...text.series, measureValueType: 'VARCHAR' } })).toBe(
      'unmatched',
    );
  });

  it('R12: counts a point that is too late for one view and not for another', () => {
    const patient = view({ name: 'w', allowedLateness: '1m' });
    const shard = new OperatorHarness([view(), patient]);
    shard.watermark(20);
    expect(shard.add(point(9))).toBe('partly_too_late');
  });

  it('R13: late points accumulate, with one firing per batch and not per point', () => {
    const shard = new OperatorHarness([view({ allowedLateness: '5ms' })]);
    shard.element(5);
    expect(shard.watermark(9)).toEqual(['a[0,10)=1 on_time']);
    shard.add(point(6));
    shard.add(point(7));
    expect(shard.drain()).toEqual(['a[0,10)=3 late']);
    shard.watermark(13);
    expect(shard.element(8)).toEqual(['a[0,10)=4 late']);
  });

  it('R14: a window can be born late', () => {
    const shard = new OperatorHarness([view({ allowedLateness: '5ms' })]);
    shard.watermark(11);
    expect(shard.add(point(4))).toBe('refined');
    expect(shard.drain()).toEqual(['a[0,10)=1 late']);
  });

  it('emits windows in the order of their ends, each row before it is cleaned up', () => {
    const shard = new OperatorHarness([view()]);
    shard.add(point(25));
    shard.add(point(5 + 20));
    const other = new OperatorHarness([view()], { outOfOrdernessMs: 100 });
    for (const at of [31, 12, 5]) other.add(point(at));
    expect(other.watermark(100)).toEqual([
      'a[0,10)=1 on_time',
      'a[10,20)=1 on_time',
      'a[30,40)=1 on_time',
    ]);
    expect(other.operator.openRows).toBe(0);
  });
});

describe('our rules beyond Flink', () => {
  it('rejects a point from the future before it can move the watermark', () => {
    const shard = new OperatorHarness([view()], { maxFutureSkewMs: 5 });
    shard.add(point(10), 10);
    expect(shard.add(point(1000), 10)).toBe('future');
    expect(shard.operator.watermarkMs).toBe(9);
    expect(shard.add(point(15), 10)).toBe('aggregated');
  });

  it('fires an idle window by the wall clock and corrects it when more points arrive', () => {
    const shard = new OperatorHarness([view()]);
    shard.element(5);
    expect(shard.fire('idle', 9)).toEqual([]);
    expect(shard.fire('idle', 10)).toEqual(['a[0,10)=1 idle']);
    expect(shard.fire('idle', 10)).toEqual([]);
    expect(shard.add(point(6))).toBe('aggregated');
    expect(shard.watermark(9)).toEqual(['a[0,10)=2 on_time']);
  });

  it('does not emit an unchanged row again after an idle firing', () => {
    const shard = new OperatorHarness([view()]);
    shard.element(5);
    shard.fire('idle', 10);
    expect(shard.watermark(9)).toEqual([]);
  });

  it('fires all open windows when its shard ends', () => {
    const shard = new OperatorHarness([view()]);
    shard.element(5);
    shard.element(17);
    expect(shard.fire('shard_end', Number.POSITIVE_INFINITY)).toEqual(['a[10,20)=1 shard_end']);
  });

  it('names the first record that an open window needs, with the watermark before it', () => {
    const shard = new OperatorHarness([view()], { outOfOrdernessMs: 10 });
    expect(shard.operator.replayFrom).toBeUndefined();
    shard.add(point(15));
    shard.add(point(5));
    shard.add(point(25));
    expect(shard.operator.replayFrom).toEqual({
      sequenceNumber: '1',
      watermarkMs: Number.NEGATIVE_INFINITY,
      newestEventTimeMs: Number.NEGATIVE_INFINITY,
    });
    shard.watermark(19);
    expect(shard.operator.replayFrom).toEqual({
      sequenceNumber: '3',
      watermarkMs: 4,
      newestEventTimeMs: 15,
    });
  });
});
