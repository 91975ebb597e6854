import { describe, expect, it } from 'vitest';
import { PointsFileError, PointsOrderError } from '../src/errors.ts';
import { readFilePoints, type FilePoints } from '../src/file-points.ts';
import { fileOf, keepLog, newTally } from './fakes.ts';

const line = (Time: number) =>
  JSON.stringify({ MeasureName: 'depth', MeasureValue: 1, Time, sensor: '1' });

async function timesOf({ groups }: FilePoints): Promise<readonly number[]> {
  const times: number[] = [];
  for await (const group of groups) times.push(...group.map(({ point }) => point.timeMs));
  return times;
}

const options = () => ({ tally: newTally(), log: keepLog().log });

describe('readFilePoints', () => {
  it('knows the newest point of a file in advance, but not of standard input', async () => {
    const lines = [3, 9, 1].map(line);
    expect((await readFilePoints(fileOf(lines), options())).newestMs).toBe(9);
    expect((await readFilePoints(fileOf(lines, false), options())).newestMs).toBeUndefined();
    expect(await readFilePoints(fileOf([]), options())).toMatchObject({ newestMs: undefined });
  });

  it('skips lines that are not points, in every run, and counts them once', async () => {
    const lines = ['', line(5), 'nonsense', line(6), '', line(1), '[]', line(7), ''];
    const given = options();
    expect(await timesOf(await readFilePoints(fileOf(lines), given))).toEqual([1, 5, 6, 7]);
    expect(given.tally.badLines).toBe(2);
  });

  it('rejects a file that steps back too often, before anything is sent, and says how to fix it', async () => {
    const lines = [90_000, 80_000, 70_000, 60_000].map(line);
    expect(
      await timesOf(await readFilePoints(fileOf(lines), { ...options(), runsMax: 4 })),
    ).toEqual([60_000, 70_000, 80_000, 90_000]);
    const reading = readFilePoints(fileOf(lines), { ...options(), runsMax: 3 });
    await expect(reading).rejects.toThrow(PointsOrderError);
    await expect(reading).rejects.toThrow(
      /points\.ndjson.*nothing was sent.*more than 2 times, by up to 30 s.*sort the lines by time/,
    );
  });

  it('reports that the file was truncated while it was read', async () => {
    const file = { ...fileOf([line(2), line(1)]), readAt: fileOf([line(2)]).readAt };
    const reading = timesOf(await readFilePoints(file, options()));
    await expect(reading).rejects.toThrow(PointsFileError);
    await expect(reading).rejects.toThrow('it changed while it was being read');
  });
});
