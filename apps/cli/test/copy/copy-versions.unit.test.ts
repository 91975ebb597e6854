import { copiedVersion, type StoredRow } from '@highwater/model';
import { parseViews } from '@highwater/windowing';
import { expect, it } from 'vitest';
import { addVersions } from '../../src/copy/copy-versions.ts';

const view = (name: string, revision: number, measure: string) => ({
  name,
  revision,
  window: { tumbling: '1m' },
  aggregates: ['avg', 'max'],
  output: { measure },
});
const views = parseViews({
  views: [
    view('minutes', 3, '{aggregate}_{measure}'),
    { ...view('hours', 2, '{aggregate}_{measure}_1h'), window: { tumbling: '1h' } },
  ],
});
const addVersion = addVersions(views);
const copiedAtSeconds = 1_795_910_400;

function rowOf(changes: Partial<StoredRow>): StoredRow {
  return {
    measureName: 'avg_cpu',
    measureValueType: 'DOUBLE',
    measureValue: '1',
    dimensions: [{ name: 'host', value: 'a' }],
    time: '1',
    timeUnit: 'NANOSECONDS',
    version: undefined,
    ...changes,
  };
}

it('keeps a version that is known', () => {
  for (const table of ['raw', 'views', 'corrections'] as const) {
    expect(addVersion(rowOf({ version: 7 }), table, copiedAtSeconds).version).toBe(7);
  }
});

it('gives raw points and corrections a version below every arrival time', () => {
  for (const table of ['raw', 'corrections'] as const) {
    expect(addVersion(rowOf({}), table, copiedAtSeconds).version).toBe(copiedAtSeconds);
  }
});

it.each([
  ['avg_cpu', 3],
  ['max_cpu', 3],
  // Both views may have written it.
  ['avg_cpu_1h', 2],
  // No view of the file has.
  ['sum_cpu', 0],
  ['avg_', 0],
])('takes the lowest revision of the views that may write %s', (measureName, viewRevision) => {
  expect(addVersion(rowOf({ measureName }), 'views', copiedAtSeconds).version).toBe(
    copiedVersion({ viewRevision, isFilled: false, copiedAtSeconds }),
  );
});

it.each([
  ['none', false],
  ['linear', true],
])('tells filled rows by their attribute (%s)', (value, isFilled) => {
  const attributes = [{ name: 'interpolated', type: 'VARCHAR', value } as const];
  expect(addVersion(rowOf({ attributes }), 'views', copiedAtSeconds).version).toBe(
    copiedVersion({ viewRevision: 3, isFilled, copiedAtSeconds }),
  );
});
