import { expect, it } from 'vitest';
import { LateWatch } from '../src/late-watch.ts';

it('counts a point as late if it is behind the newest by more than the out-of-orderness', () => {
  const watch = new LateWatch(3_000);
  const times = [10_000, 7_000, 6_999, 20_000, 17_000, 16_999];
  expect(times.map((timeMs) => watch.isLate(timeMs, 1_000_000))).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
  ]);
  expect(watch.furthestBehindMs).toBe(3_001);
});

it('lets a point in the future make no other late, because it counts from its arrival', () => {
  const watch = new LateWatch(3_000);
  expect(watch.isLate(900_000, 10_000)).toBe(false);
  expect(watch.isLate(7_000, 10_000)).toBe(false);
  expect(watch.isLate(6_999, 10_000)).toBe(true);
});
