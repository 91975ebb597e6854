import type { Row } from '@highwater/model';

/** A row that every store accepts, with some members changed. */
export function rowOf(overrides: Partial<Row> = {}): Row {
  return {
    measureName: 'cpu_user',
    measureValueType: 'DOUBLE',
    measureValue: '1.5',
    dimensions: [{ name: 'host', value: 'a' }],
    time: '1700000000',
    timeUnit: 'SECONDS',
    version: 1,
    ...overrides,
  };
}
