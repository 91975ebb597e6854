import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkViews, parseViews, renderProblem, viewsJsonSchema } from '../src/index.ts';
import { point, view } from './operator-harness.ts';

const schemaFile = new URL('../views.schema.json', import.meta.url);

describe('the JSON Schema for editors', () => {
  // Write it anew with `highwater views schema` when the schema in the code was changed.
  it('equals the one that is generated from the code', async () => {
    const kept: unknown = JSON.parse(await readFile(schemaFile, 'utf8'));
    expect(kept).toEqual(JSON.parse(JSON.stringify(viewsJsonSchema())));
  });
});

/** The problems of a view that is valid except for the given members. */
function problems(definition: Record<string, unknown>): string[] {
  const good = { name: 'v', window: { tumbling: '5m' } };
  return checkViews({ views: [{ ...good, ...definition }] }).map(renderProblem);
}

describe('a views file', () => {
  it.each([
    ['no such field', { windows: 1 }, /^views\[0\]\.windows: is not a known field$/],
    [
      'a duration without unit',
      { allowedLateness: '5' },
      /^views\[0\]\.allowedLateness: must be a whole/,
    ],
    [
      'both kinds of window',
      { window: { tumbling: '1s', hopping: { size: '1s', every: '1s' } } },
      /\.window: must be either tumbling or hopping$/,
    ],
    ['no kind of window', { window: {} }, /\.window: must be either tumbling or hopping$/],
    ['a window of nothing', { window: { tumbling: '0s' } }, /longer than zero/],
    [
      'an offset beyond the window',
      { window: { tumbling: '5m', offset: '5m' } },
      /offset: must be less than the length/,
    ],
    [
      'an offset beyond the hop',
      { window: { hopping: { size: '5m', every: '1m' }, offset: '2m' } },
      /offset: must be less than every/,
    ],
    [
      'a time zone for minutes',
      { window: { tumbling: '5m', timeZone: 'Europe/Paris' } },
      /timeZone: is allowed only with/,
    ],
    [
      'an unknown time zone',
      { window: { tumbling: '1d', timeZone: 'Mars/City' } },
      /timeZone: is not an IANA time zone/,
    ],
    [
      'an offset of months',
      { window: { tumbling: '1mo', offset: '1h' } },
      /offset: is not allowed with/,
    ],
    [
      'too many hops',
      { window: { hopping: { size: '1d', every: '1s' } } },
      /86400 windows, but at most 1000/,
    ],
    [
      'rows that would be one',
      { aggregates: ['min', 'max'], output: { measure: '{measure}' } },
      /must contain \{aggregate\}/,
    ],
    [
      'several measures in one row',
      { output: { measure: 'average' } },
      /must contain \{measure\}; otherwise the rows of several measures/,
    ],
    [
      'aggregates whose rows could be one',
      { aggregates: ['stddev', 'stddev_population'] },
      /two rows stddev_population_x: stddev of the measure population_x, and stddev_population of x;/,
    ],
    [
      'a measure twice',
      { output: { measure: '{measure}_{measure}' } },
      /must not contain {measure} more than once/,
    ],
    [
      'a name of rows that is too long',
      { aggregates: ['count'], output: { measure: `${'é'.repeat(26)}{aggregate}{measure}` } },
      /has 57 bytes in addition to {measure}, but at most 56/,
    ],
    ['a colon', { output: { measure: 'a:{measure}' } }, /a colon or a control character/],
    ['a control character', { output: { measure: '{measure}\n' } }, /a control character/],
    [
      'a reserved beginning',
      { output: { measure: 'ts_{measure}' } },
      /name rows "ts_{measure}"; the names time/,
    ],
    [
      'a reserved name',
      { match: { measures: ['m'] }, output: { measure: 'time' } },
      /name rows "time"; the names time/,
    ],
    [
      'a bound of the window as a condition',
      { match: { where: { window_end: ['*'] } } },
      /where\.window_end: window_end is a dimension of view rows/,
    ],
    [
      'a bound of the window to group by',
      { groupBy: ['window_start'] },
      /groupBy\[0\]: window_start/,
    ],
    [
      'a bound of the window to leave out',
      { groupBy: { except: ['a', 'window_end'] } },
      /groupBy\.except\[1\]: window_end/,
    ],
    ['a window of ages', { window: { tumbling: '36526d' } }, /tumbling: must be at most 36525d/],
    ['an aggregate twice', { aggregates: ['min', 'min'] }, /aggregates\[1\]: min is listed twice/],
    [
      'a constant without a value',
      { fill: { method: 'constant', maxGap: '5m' } },
      /\.fill: needs a value for method: constant/,
    ],
    [
      'a value without a constant',
      { fill: { method: 'locf', value: 1, maxGap: '5m' } },
      /\.fill\.value: is allowed only with/,
    ],
    [
      'a gap shorter than a window',
      { fill: { method: 'linear', maxGap: '4m' } },
      /\.fill\.maxGap: is shorter than a window/,
    ],
    [
      'a gap of too many windows',
      { fill: { method: 'linear', maxGap: '22h' } },
      /\.fill\.maxGap: is more than 255 windows/,
    ],
    [
      'gaps between windows that overlap',
      {
        window: { hopping: { size: '5m', every: '1m' } },
        fill: { method: 'linear', maxGap: '5m' },
      },
      /\.fill: is allowed only with tumbling windows/,
    ],
    ['running results too often', { early: '999ms' }, /\.early: must be 1s or longer/],
    ['an odd grouping', { groupBy: { only: ['a'] } }, /groupBy: must be all, a list/],
  ])('is rejected with %s', (_, definition, problem) => {
    expect(problems(definition).join('\n')).toMatch(new RegExp(problem, 'm'));
  });

  it.each([
    ['the longest name of rows', { output: { measure: `${'é'.repeat(26)}{aggregate}_{measure}` } }],
    ['a row of one measure', { match: { measures: ['m'] }, output: { measure: 'average of m' } }],
    [
      'aggregates that end the name',
      { aggregates: ['stddev', 'stddev_population'], output: { measure: '{measure}_{aggregate}' } },
    ],
    [
      'aggregates of measures that are named',
      { match: { measures: ['a*'] }, aggregates: ['stddev', 'stddev_population'] },
    ],
  ])('may have %s', (_, definition) => {
    expect(problems(definition)).toEqual([]);
  });

  it('gets every problem reported at once, also across fields and views', () => {
    const one = {
      name: 'v',
      window: { tumbling: '5m', offset: '6m' },
      allowedLateness: 'x',
      odd: 1,
    };
    const found = checkViews({ views: [one, { name: 'v', window: {} }] }).map(renderProblem);
    expect(found).toHaveLength(5);
    expect(() => parseViews({ views: [one] })).toThrow(/reading the views: 3 problems/);
  });

  it.each([undefined, null, [], 'views', { views: [] }, { views: [7] }])('is not %j', (content) => {
    expect(checkViews(content).length).toBeGreaterThan(0);
  });
});

describe('match and groupBy', () => {
  const series = {
    measureName: 'cpu_user',
    measureValueType: 'DOUBLE',
    dimensions: [
      { name: 'host', value: 'h-1' },
      { name: 'region', value: 'us-east-1' },
    ],
  } as const;

  it.each([
    [{}, true],
    [{ measureTypes: ['BIGINT'] }, false],
    [{ measures: ['cpu_*'] }, true],
    [{ measures: ['mem', 'cpu_system'] }, false],
    [{ where: { region: ['eu-*', 'us-*-1'] } }, true],
    [{ where: { region: ['us-*-2'] } }, false],
    [{ where: { region: ['us-east-1'], host: ['h-2'] } }, false],
    [{ where: { rack: ['*'] } }, false],
  ])('%j matches: %s', (match, isMatch) => {
    expect(view({ match }).matches(series)).toBe(isMatch);
  });

  it.each([
    ['a*b*c', 'abc', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['*', '', true],
    ['aa*aa', 'aaa', false],
    ['a.c', 'abc', false],
    ['*a', 'ba', true],
    ['*ab*ab', 'ab', false],
  ])('the pattern %s on %s: %s', (pattern, value, isMatch) => {
    const matching = view({ match: { measures: [pattern] } });
    expect(matching.matches({ ...point(0).series, measureName: value })).toBe(isMatch);
  });

  it.each([
    ['all', ['host', 'region']],
    [['region', 'rack'], ['region']],
    [{ except: ['host'] }, ['region']],
    [{ except: ['rack'] }, ['host', 'region']],
  ])('groups by %j', (groupBy, names) => {
    expect(
      view({ groupBy })
        .group(series)
        .dimensions.map(({ name }) => name),
    ).toEqual(names);
  });
});
