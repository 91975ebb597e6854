import type { OutgoingRecord } from '@highwater/model';
import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { fleetSlices } from '../src/fleet-slices.ts';
import { Pace, sliceSize } from '../src/pace.ts';
import { sendSlices } from '../src/send-slices.ts';
import { configOf, newTally } from './fakes.ts';

/** A stream that accepts records immediately, and records the time. */
function startFleet(env: Record<string, string>, put?: () => Promise<void>, isOrdered = false) {
  const clock = new SimulatedClock(1_700_000_000_000);
  const config = configOf(env);
  const tally = newTally();
  const stop = new AbortController();
  const rate = config.HW_GENERATOR_RATE ?? Infinity;
  const batches: { atMs: number; records: readonly OutgoingRecord[] }[] = [];
  const producer = {
    put: async (records: readonly OutgoingRecord[]) => {
      batches.push({ atMs: clock.monotonicMs(), records });
      await put?.();
    },
  };
  const options = { config, clock, tally, sliceRecordsMax: sliceSize(rate) };
  const sending = sendSlices(
    fleetSlices(options, stop.signal),
    { producer, pace: new Pace(clock, rate), tally, isOrdered },
    stop.signal,
  );
  return { clock, tally, stop, batches, sending };
}

const timeOf = ({ data }: OutgoingRecord) =>
  (JSON.parse(Buffer.from(data).toString()) as { Time: string }).Time;

describe('sendSlices', () => {
  it('sends a round in full batches of 500, all with one time', async () => {
    const { sending, batches, tally } = startFleet({ HW_GENERATOR_ROUNDS: '1' });
    await sending;
    expect(batches.map(({ records }) => records.length)).toEqual(Array(52).fill(500));
    expect(new Set(batches.flatMap(({ records }) => records.map(timeOf)))).toEqual(
      new Set(['1700000000']),
    );
    expect(tally).toMatchObject({ points: 26_000, rounds: 1 });
  });

  it('keeps the rate evenly', async () => {
    const { sending, clock, tally, stop, batches } = startFleet({ HW_GENERATOR_RATE: '2000' });
    await clock.advance(10_000);
    expect(tally.points).toBeGreaterThanOrEqual(20_000);
    expect(tally.points).toBeLessThanOrEqual(20_200);
    expect(batches.map(({ atMs }) => atMs).slice(0, 4)).toEqual([0, 100, 200, 300]);
    // A round takes thirteen seconds at this rate. Its points have the time at which they are made.
    const last = batches.at(-1)?.records[0];
    expect(last && timeOf(last)).toBe('1700000010');
    stop.abort();
    await sending;
  });

  it('sleeps between rounds, and stops after the last', async () => {
    const { sending, clock, batches } = startFleet({
      HW_GENERATOR_SERIES: '100',
      HW_GENERATOR_ROUNDS: '3',
      HW_GENERATOR_SLEEP_TIME_SECONDS: '5',
    });
    await clock.advance(20_000);
    await sending;
    expect(batches.map(({ atMs }) => atMs)).toEqual([0, 5_000, 10_000]);
  });

  it('waits for a slow stream with a limited number of batches in progress', async () => {
    const release = Promise.withResolvers<void>();
    const { sending, clock, batches, stop, tally } = startFleet({}, () => release.promise);
    await clock.advance(60_000);
    expect(batches).toHaveLength(8);
    stop.abort();
    release.resolve();
    await sending;
    expect(tally.points).toBe(batches.length * 500);
  });

  it('sends points in order, one batch at a time', async () => {
    let underWay = 0;
    const most = { underWay: 0 };
    const { sending, batches, clock } = startFleet(
      { HW_GENERATOR_ROUNDS: '1' },
      async () => {
        most.underWay = Math.max(most.underWay, ++underWay);
        await Promise.resolve();
        underWay--;
      },
      true,
    );
    await clock.advance(1_000);
    await sending;
    expect(batches).toHaveLength(52);
    expect(most.underWay).toBe(1);
  });

  it('fails when the stream does', async () => {
    const { sending } = startFleet({}, () => Promise.reject(new Error('no such stream')));
    await expect(sending).rejects.toThrow('no such stream');
  });

  it('finishes sends in progress when it is stopped', async () => {
    const { sending, clock, stop, batches, tally } = startFleet({ HW_GENERATOR_RATE: '100' });
    await clock.advance(1_000);
    stop.abort(new Error('stopping'));
    await sending;
    expect(tally.points).toBe(batches.reduce((sum, { records }) => sum + records.length, 0));
  });

  it('sends the requested shares of duplicates and late points', async () => {
    const { sending, tally } = startFleet({
      HW_GENERATOR_ROUNDS: '1',
      HW_GENERATOR_DUPLICATE_PERCENT: '5',
      HW_GENERATOR_PERCENT_LATE: '20',
      HW_GENERATOR_LATE_TIME_SECONDS: '10',
      HW_GENERATOR_LATE_PER_POINT: 'true',
    });
    await sending;
    expect(tally.points).toBe(26_000 + tally.duplicates);
    expect(tally.duplicates / 26_000).toBeCloseTo(0.05, 2);
    expect(tally.latePoints / 26_000).toBeCloseTo(0.2, 2);
  });
});
