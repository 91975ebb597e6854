import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { reportProgress } from '../src/progress.ts';
import { keepLog, newTally } from './fakes.ts';

async function reportFor(isTTY: boolean) {
  const clock = new SimulatedClock();
  const tally = newTally();
  const { log, lines } = keepLog();
  const written: string[] = [];
  const terminal = { isTTY, write: (text: string) => written.push(text) };
  const stop = new AbortController();
  const reporting = reportProgress({ tally, clock, log, terminal }, stop.signal);
  for (let second = 0; second < 25; second++) {
    await clock.advance(1_000);
    tally.addPoints(2_000);
  }
  stop.abort();
  await reporting;
  return { written, lines };
}

describe('reportProgress', () => {
  it('overwrites one line on a terminal, and logs nothing', async () => {
    const { written, lines } = await reportFor(true);
    expect(written[4]).toBe('\r4,000 points  4,000 points/s\u001b[K');
    expect(written.slice(0, -1).every((text) => !text.includes('\n'))).toBe(true);
    expect(written.at(-1)).toBe('\n');
    expect(lines).toEqual([]);
  });

  it('logs every ten seconds elsewhere, and writes nothing', async () => {
    const { written, lines } = await reportFor(false);
    expect(written).toEqual([]);
    expect(lines).toMatchObject([
      { message: 'Sending points.', fields: { points: 18_000, pointsPerSecond: 1_800 } },
      { message: 'Sending points.', fields: { points: 38_000, pointsPerSecond: 2_000 } },
    ]);
  });
});
