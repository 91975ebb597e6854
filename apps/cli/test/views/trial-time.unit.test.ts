import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testFile } from '../../src/views/trial/test-file.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'views-'));
  await writeFile(
    join(directory, 'views.yaml'),
    [
      'views:',
      '  - { name: means, window: { tumbling: 5m } }',
      '  - name: filled',
      '    match: { measures: [f] }',
      '    window: { tumbling: 1m }',
      '    fill: { method: linear, maxGap: 10m }',
      "    output: { measure: 'filled_{measure}' }",
      '',
    ].join('\n'),
  );
});
afterEach(() => rm(directory, { recursive: true }));

/** The differences in a test of those views, starting at noon. */
async function differences(...lines: readonly string[]): Promise<readonly string[]> {
  const path = join(directory, 'views.test.yaml');
  const head = ['views: views.yaml', 'start: 2026-03-01T12:00:00Z', 'tests:', '  - name: t'];
  await writeFile(path, `${[...head, ...lines.map((line) => `    ${line}`)].join('\n')}\n`);
  const { problems, results } = await testFile(path);
  expect(problems).toEqual([]);
  return results.flatMap((result) => result.differences.map((line) => line.trim()));
}

const point = (value: number, more: string) =>
  `  - { measure: m, value: ${value}, dimensions: { host: a }, ${more} }`;
const mean = (value: number, more = 'window: +0m') =>
  `rows: { means: [{ measure: avg_m, dimensions: { host: a }, value: ${value}, ${more} }] }`;

describe('in a test of views', () => {
  it('a point arrives no earlier than the one above it, unless it says so', async () => {
    const later = ['points:', point(1, 'time: +10m'), point(2, 'time: +1m, outcome: too_late')];
    expect(await differences(...later, 'rows: {}')).toEqual([]);
    const early = point(2, 'time: +1m, arrives: +1m, outcome: aggregated');
    expect(await differences('points:', point(1, 'time: +10m'), early, 'rows: {}')).toEqual([]);
  });

  it('shards have their own watermarks', async () => {
    const points = [
      point(1, 'time: +10m, shard: a'),
      point(2, 'time: +1m, shard: b, outcome: aggregated'),
    ];
    expect(await differences('points:', ...points, 'rows: {}')).toEqual([]);
  });

  it('the clock closes the windows of a quiet shard, but not before it is idle', async () => {
    const points = ['points:', point(7, 'time: +1m')];
    expect(await differences('until: +6m', ...points, mean(7))).toEqual([]);
    expect(await differences('until: +4m', ...points, 'rows: { means: [] }')).toEqual([]);
  });

  it('a point too far ahead of its arrival is set aside, according to the limit in the file', async () => {
    const ahead = (minutes: number, outcome: string) =>
      point(1, `time: +${minutes}m, arrives: +0m, outcome: ${outcome}`);
    const points = ['points:', ahead(15, 'aggregated'), ahead(16, 'future')];
    expect(await differences(...points, 'rows: {}')).toEqual([]);
  });

  it('a value may be off by the tolerance of its row', async () => {
    const points = ['points:', point(20.4, 'time: +1m')];
    expect(await differences(...points, mean(20, 'window: +0m, within: 0.5'))).toEqual([]);
    expect(await differences(...points, mean(20, 'window: +0m, within: 0.3'))).toEqual([
      'view means:',
      'avg_m {host=a} from 12:00:00',
      'expected  20 within 0.3',
      'got       20.4',
    ]);
  });

  it('a filled row is not the same as a row of points', async () => {
    const f = (value: number, time: string) =>
      `  - { measure: f, value: ${value}, time: ${time}, dimensions: { host: a } }`;
    const row = (value: number, window: string, more = '') =>
      `    - { measure: filled_f, dimensions: { host: a }, value: ${value}, window: ${window}${more} }`;
    const rows = (more: string) => [
      'rows:',
      '  filled:',
      row(20, '+0m'),
      row(21, '+1m', more),
      row(22, '+2m'),
    ];
    const points = ['points:', f(20, '+30s'), f(22, '+2m30s')];
    expect(await differences(...points, ...rows(', interpolated: linear'))).toEqual([]);
    expect(await differences(...points, ...rows(''))).toEqual([
      'view filled:',
      'filled_f {host=a} from 12:01:00',
      'expected  21',
      'got       21, interpolated linear',
    ]);
  });

  it('times have zones, and windows on another day have a date', async () => {
    const points = ['points:', point(3, 'time: 2026-03-01T14:01:00+02:00')];
    expect(await differences(...points, mean(3))).toEqual([]);
    expect(await differences(...points, mean(3, 'window: 2026-03-02 12:00:00'))).toEqual([
      'view means:',
      'missing     avg_m {host=a} from 2026-03-02 12:00:00 = 3',
      'unexpected  avg_m {host=a} from 12:00:00 = 3',
    ]);
  });
});
