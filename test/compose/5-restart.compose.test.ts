import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';
import { containers, serviceOf } from './containers.ts';
import { compareRows, expectSettledRows } from './rows.ts';

// Goal: stopping loses nothing, in whatever way. Method: break off in the middle of the flow, go on,
// and compare the whole table with rows recomputed from the stream.
describe('the stack', () => {
  it('stops cleanly within the grace period', async () => {
    await compose('stop');
    const codes = (await containers()).map((one) => [serviceOf(one), one.State.ExitCode]);
    expect(codes.filter(([, code]) => code !== 0)).toEqual([]);
  });

  it('continues where it stopped when its containers are recreated, with no window missing', async () => {
    await compose('down');
    await compose('up', '--detach', '--wait', '--no-build');
    const { expectedCount } = await compareRows();
    expect(expectedCount).toBeGreaterThan(1_000);
    await expectSettledRows();
  });
});
