import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../src/encode-request.ts';
import { mergeRecords, rowOf } from './fakes.ts';

const anyDimensions = fc
  .dictionary(fc.constantFrom('cell', 'host', 'region', 'silo'), fc.constantFrom('a', 'b'), {
    minKeys: 1,
  })
  .map((byName) => Object.entries(byName).map(([name, value]) => ({ name, value })));

const anyRow = fc
  .record({
    measureName: fc.constantFrom('cpu_user', 'cpu_idle'),
    measureValue: fc.constantFrom('1', '2'),
    measureValueType: fc.constantFrom('DOUBLE' as const, 'BIGINT' as const),
    dimensions: anyDimensions,
    time: fc.constantFrom('1', '2'),
    timeUnit: fc.constantFrom('SECONDS' as const, 'MILLISECONDS' as const),
    version: fc.integer({ min: 1, max: 2 }),
    attributes: fc.option(
      fc
        .constantFrom('linear', 'none')
        .map((value) => [{ name: 'interpolated', type: 'VARCHAR' as const, value }]),
      { nil: undefined },
    ),
  })
  .map(rowOf);

const dimensions = (host: string) => [
  { name: 'host', value: host },
  { name: 'region', value: 'eu' },
];

describe('encodeRequest', () => {
  // Goal: hoisting loses and changes nothing. Method: merge the common attributes back, like a
  // server that rejects a field in both places, and compare with the rows.
  it('can be merged back into the rows, with no field in two places', () => {
    const property = fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), (rows) => {
      const merged = mergeRecords(encodeRequest(rows)).map((record) => ({
        ...record,
        Dimensions: new Map(record.Dimensions?.map(({ Name, Value }) => [Name, Value])),
      }));
      expect(merged).toEqual(
        rows.map((row) => ({
          MeasureName: row.measureName,
          ...(row.attributes
            ? {
                MeasureValueType: 'MULTI',
                MeasureValues: [
                  { Name: 'value', Value: row.measureValue, Type: row.measureValueType },
                  { Name: 'interpolated', Value: row.attributes[0]?.value, Type: 'VARCHAR' },
                ],
              }
            : { MeasureValue: row.measureValue, MeasureValueType: row.measureValueType }),
          Time: row.time,
          TimeUnit: row.timeUnit,
          Version: row.version,
          Dimensions: new Map(row.dimensions.map(({ name, value }) => [name, value])),
        })),
      );
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('sends values that all rows share only once', () => {
    const encoded = encodeRequest([
      rowOf({ dimensions: dimensions('a'), measureName: 'm1' }),
      rowOf({ dimensions: dimensions('b'), measureName: 'm2' }),
    ]);
    expect(encoded).toEqual({
      CommonAttributes: {
        Dimensions: [{ Name: 'region', Value: 'eu' }],
        MeasureValueType: 'DOUBLE',
        Time: '1700000000',
        TimeUnit: 'SECONDS',
        Version: 1,
      },
      Records: [
        {
          MeasureName: 'm1',
          MeasureValue: '1.5',
          Dimensions: [{ Name: 'host', Value: 'a' }],
        },
        {
          MeasureName: 'm2',
          MeasureValue: '1.5',
          Dimensions: [{ Name: 'host', Value: 'b' }],
        },
      ],
    });
  });
});
