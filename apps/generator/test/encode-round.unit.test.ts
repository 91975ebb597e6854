import { decodeRecord } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import { createDraws } from '../src/draws.ts';
import { encodeRound } from '../src/encode-round.ts';
import { buildFleet, originalSeed } from '../src/fleet.ts';
import { fleetReporters } from '../src/reporter.ts';

const fleet = buildFleet(1, originalSeed);
const reporters = fleetReporters(fleet);

function roundOf(seed: number, hasRandomPartitionKeys = false) {
  return [
    ...encodeRound(reporters, {
      draws: createDraws(seed),
      timeUnit: 'SECONDS',
      nextTime: () => '1700000000',
      hasRandomPartitionKeys,
    }),
  ];
}

const textOf = ({ data }: { data: Uint8Array }) => Buffer.from(data).toString();

interface Members {
  readonly [name: string]: string;
}

describe('encodeRound', () => {
  const round = roundOf(1);
  const members = round.map((record) => JSON.parse(textOf(record)) as Members);
  const numberOf = (index: number) => Number(members[index]?.['MeasureValue']);

  it('writes the members of a record in their order, spaced like the original', () => {
    const [first] = round;
    const value = members[0]?.['MeasureValue'];
    expect(first && textOf(first)).toBe(
      `{"MeasureName": "cpu_user", "MeasureValue": "${value}", "MeasureValueType": "DOUBLE", ` +
        '"Time": "1700000000", "TimeUnit": "SECONDS", "region": "us_east_1", ' +
        '"cell": "us_east_1-cell-1", "silo": "us_east_1-cell-1-silo-1", ' +
        '"availability_zone": "us_east_1-1", "microservice_name": "apollo", ' +
        '"instance_type": "r5.4xlarge", "os_version": "AL2", ' +
        '"instance_name": "i-zaZswmJk-apollo-0000.amazonaws.com"}',
    );
    expect(first?.partitionKey).toBe(
      'us_east_1-cell-1-silo-1/i-zaZswmJk-apollo-0000.amazonaws.com',
    );
  });

  it('writes records that can all be read as points', () => {
    expect(round.flatMap(({ data }) => [...decodeRecord(data)]).every(({ ok }) => ok)).toBe(true);
    expect(round).toHaveLength(26_000);
  });

  it('makes the processor times of a host add up to 100', () => {
    const sums = fleet.hosts.map((_, host) =>
      [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, measure) => sum + numberOf(host * 20 + measure), 0),
    );
    expect(members[7]).toMatchObject({ MeasureName: 'cpu_idle' });
    expect(Math.max(...sums.map((sum) => Math.abs(sum - 100)))).toBeLessThan(1e-9);
  });

  it.each([
    ['low', 0, 10],
    ['normal', 35, 65],
    ['high', 85, 95],
  ])('keeps cpu_user of a %s host between %i and %i', (utilization, from, to) => {
    const values = fleet.hosts.flatMap((host, index) =>
      host.utilization === utilization ? [numberOf(index * 20)] : [],
    );
    expect(Math.min(...values)).toBeGreaterThanOrEqual(from);
    expect(Math.max(...values)).toBeLessThan(to);
  });

  it('draws the measures of a process by their rules', () => {
    const events = members.slice(20_000);
    const of = (name: string) =>
      events.flatMap((event) => (event['MeasureName'] === name ? [event['MeasureValue']] : []));
    const completed = of('task_completed').map(Number);
    expect(completed.every((n) => Number.isInteger(n) && n >= 0 && n <= 500)).toBe(true);
    const states = of('task_end_state');
    const share = (state: string) => states.filter((s) => s === state).length / states.length;
    expect(share('SUCCESS_WITH_RESULT')).toBeCloseTo(0.7, 1);
    expect(share('SUCCESS_WITH_NO_RESULT')).toBeCloseTo(0.2, 1);
    expect(share('USER_ERROR')).toBeCloseTo(0.07, 1);
    expect(of('gc_pause')).toHaveLength(1_200);
  });

  it('repeats itself for the same seed', () => {
    expect(roundOf(1).map(textOf)).toEqual(round.map(textOf));
    expect(roundOf(2).map(textOf)).not.toEqual(round.map(textOf));
  });

  it('changes nothing but the keys when partition keys are random', () => {
    const spread = roundOf(1, true);
    expect(spread.map(textOf)).toEqual(round.map(textOf));
    expect(new Set(spread.map(({ partitionKey }) => partitionKey)).size).toBeGreaterThan(25_900);
  });
});
