import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureView, measureViewName } from '../src/measure-view.ts';
import { tableLayout } from '../src/table-layout.ts';

const tables = ['raw', 'views', 'corrections'] as const;

describe('measureViewName', () => {
  it.each([
    ['raw', 'cpu_idle', 'cpu_idle_points'],
    ['views', 'avg_cpu_idle', 'avg_cpu_idle_latest'],
    ['corrections', 'avg_cpu_idle', 'avg_cpu_idle_corrections'],
    ['views', 'p99.9 of cpu', 'p99_9_of_cpu_1f92b5b3_latest'],
  ] as const)('of table %s and measure %s is %s', (table, measure, name) => {
    expect(measureViewName(table, measure)).toBe(name);
  });

  // Goal: no measure takes the view of another, or of a table. Method: names that differ little, of any
  // table, have different names of at most the length of a file's, of letters that nobody quotes.
  it('differs for different measures and tables', () => {
    const anyMeasure = fc.oneof(
      fc.constantFrom(
        'raw',
        'views',
        'corrections',
        'a_points',
        'a',
        'a_latest',
        'a.b',
        'a_b',
        'ä',
      ),
      fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom('a', '_', '.', 'é') }),
      fc.nat(3).map((more) => 'm'.repeat(149 + more)),
    );
    const property = fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom(...tables), anyMeasure), { selector: String }),
      (measures) => {
        const names = measures.map(([table, measure]) => measureViewName(table, measure));
        const all = [...names, 'raw_latest', 'views_latest', 'corrections_latest'];
        expect(new Set(all).size).toBe(all.length);
        for (const name of names) expect(name).toMatch(/^\w{1,180}$/);
      },
    );
    fc.assert(property, { numRuns: 1_000 });
  });
});

describe('measureView', () => {
  const layout = tableLayout('hw', 'views');
  const shape = { measureName: 'm', dimensions: ['host', 'value'], valueTypes: ['DOUBLE'] };

  it('has a column for each dimension, also for one that is named like a column of ours', () => {
    const { statement } = measureView('hw', layout, shape);
    expect(statement).toContain("s.dimensions['host'] AS `host`");
    expect(statement).toContain("s.dimensions['value'] AS `value_dimension`");
    expect(statement).toContain('r.value AS `value`');
  });

  it('is another when a dimension or a type comes', () => {
    const comments = [
      shape,
      { ...shape, dimensions: ['host'] },
      { ...shape, valueTypes: ['BIGINT'] },
    ].map((each) => measureView('hw', layout, each).comment);
    expect(new Set(comments).size).toBe(3);
  });
});
