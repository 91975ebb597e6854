import { describe, expect, it } from 'vitest';
import { valueExpression } from '../../src/reading/value-expression.ts';

const columns = (...valueTypes: readonly string[]) => ({
  valueTypes: new Set(valueTypes),
  hasAttributes: false,
});

describe('valueExpression', () => {
  it('reads the number from whichever column has it', () => {
    expect(valueExpression(columns('double'))).toBe('measure_value::double');
    expect(valueExpression({ ...columns('double', 'bigint'), hasAttributes: true })).toBe(
      'COALESCE(measure_value::double, CAST(measure_value::bigint AS DOUBLE), "value")',
    );
  });

  it('is undefined in a table without numbers', () => {
    expect(valueExpression(columns('varchar', 'boolean'))).toBeUndefined();
  });
});
