import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFile } from '../../src/views/trial/test-file.ts';

const examples = fileURLToPath(new URL('../../../../docs/examples/', import.meta.url));
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'views-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs the example of the documentation with one text replaced. */
async function testExample(from: string, to: string) {
  const text = await readFile(join(examples, 'views.test.yaml'), 'utf8');
  expect(text).toContain(from);
  const path = join(directory, 'views.test.yaml');
  await writeFile(path, text.replace(from, to));
  await writeFile(join(directory, 'views.yaml'), await readFile(join(examples, 'views.yaml')));
  const { problems, results } = await testFile(path);
  return {
    problems: problems.map((problem) => problem.slice(directory.length + 1)),
    differences: results.flatMap(({ differences }) => differences.map((line) => line.trim())),
  };
}

describe('views test', () => {
  it('passes the examples of the documentation', async () => {
    const { problems, results } = await testFile(join(examples, 'views.test.yaml'));
    expect(problems).toEqual([]);
    expect(results.flatMap(({ differences }) => differences)).toEqual([]);
    expect(results.length).toBeGreaterThan(3);
  });

  it.each([
    ['another value', 'value: 21 }', 'value: 20 }', ['expected  20', 'got       21']],
    [
      'a row that is not there',
      'window: +5m, dimensions: { site: oslo }, value: 27 }',
      'window: +5m, dimensions: { site: bergen }, value: 27 }',
      [
        'missing     avg_temperature {site=bergen} from 12:05:00 = 27',
        'unexpected  avg_temperature {site=oslo} from 12:05:00 = 27',
      ],
    ],
    [
      'another outcome of a point',
      'outcome: too_late',
      'outcome: aggregated',
      ['point 5, temperature of +2m:', 'expected  aggregated', 'got       too_late'],
    ],
    [
      'a point that cannot be used',
      "dimensions: { host: a, core: '0' }",
      "type: BOOLEAN, dimensions: { host: a, core: '0' }",
      ['expected  a valid point'],
    ],
    ['a value after the end', 'until: +30s', 'until: +50s', ['expected  30', 'got       50']],
  ])('reports %s', async (_, from, to, differences) => {
    const tested = await testExample(from, to);
    expect(tested.problems).toEqual([]);
    expect(tested.differences).toEqual(expect.arrayContaining(differences));
  });

  it.each([
    [
      'an unknown field',
      'until: +30s',
      'untill: +30s',
      /^views\.test\.yaml:\d+:5: .*untill: is not/,
    ],
    ['a time that is none', 'time: +1m,', 'time: 1m,', /^views\.test\.yaml:7:44: .*must be a time/],
    [
      'a date that does not exist',
      '2026-03-01T',
      '2026-02-31T',
      /:3:1: start: is not a valid date/,
    ],
    [
      'a view that is not there',
      'running-maximum:',
      'maximum:',
      /maximum: is not a view of this file/,
    ],
    ['too long a time', 'until: +30s', 'until: +2d', /:\d+:5: .*until: is more than a day after/],
    ['a views file that is not there', 'views: views.yaml', 'views: v.yaml', /v\.yaml:1:1: cannot/],
  ])('rejects %s, with its position', async (_, from, to, problem) => {
    const { problems } = await testExample(from, to);
    expect(problems.join('\n')).toMatch(problem);
    expect(problems).toHaveLength(1);
  });
});
