import type { Row, RowOutcome, Store } from '@highwater/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** A store to be tested, open for the whole file. */
export type OpenStore = () => Store;

const { signal } = new AbortController();
let lastCase = 0;

/** A row of its own for each test, of this moment, as a table with retention wants it. */
function newRow(overrides: Partial<Row> = {}): Row {
  lastCase += 1;
  return {
    measureName: 'cpu_user',
    measureValueType: 'DOUBLE',
    measureValue: '1.5',
    dimensions: [
      { name: 'case', value: String(lastCase) },
      { name: 'host', value: 'a' },
    ],
    time: String(Math.floor(Date.now() / 1000)),
    timeUnit: 'SECONDS',
    version: 7,
    ...overrides,
  };
}

/** The outcome in one word. */
function wordOf(outcome: RowOutcome): string {
  return outcome.status === 'rejected' ? outcome.reason : outcome.status;
}

async function write(store: Store, ...rows: readonly Row[]): Promise<readonly string[]> {
  return (await store.write(rows, signal)).map(wordOf);
}

/**
 * Holds when exactly this version and value are stored, by the interface alone: the same again is no
 * change, and another value at the same version is a conflict.
 */
async function expectStored(store: Store, row: Row): Promise<void> {
  expect(await write(store, { ...row, measureValue: '-1' })).toEqual(['version_conflict']);
  expect(await write(store, row)).toEqual(['written']);
}

/** What every store must do, whatever is behind it. */
export function itKeepsTheContract(open: OpenStore): void {
  it('takes the same row any number of times', async () => {
    const row = newRow();
    expect(await write(open(), row, row)).toEqual(['written', 'written']);
    await expectStored(open(), row);
  });

  it('replaces a row by a higher version', async () => {
    const row = newRow();
    await write(open(), row);
    const newer = { ...row, version: 8, measureValue: '2.5' };
    expect(await write(open(), newer)).toEqual(['written']);
    await expectStored(open(), newer);
  });

  it('keeps a row against a lower version, and says which is there', async () => {
    const row = newRow();
    await write(open(), row);
    const older = { ...row, version: 6, measureValue: '2.5' };
    expect(await open().write([older], signal)).toEqual([
      { status: 'already_newer', existingVersion: 7 },
    ]);
    await expectStored(open(), row);
  });

  it('keeps a row against its own version with another value', async () => {
    const row = newRow();
    await write(open(), row);
    expect(await write(open(), { ...row, measureValue: '2.5' })).toEqual(['version_conflict']);
    await expectStored(open(), row);
  });

  it('lets a higher version raise the version of an equal value', async () => {
    const row = newRow();
    await write(open(), row);
    expect(await write(open(), { ...row, version: 9 })).toEqual(['written']);
    expect(await write(open(), { ...row, version: 8 })).toEqual(['already_newer']);
  });

  it('keeps the highest of several versions in one write', async () => {
    const rows = [3, 9, 5].map((version) => ({ version, measureValue: String(version) }));
    const row = newRow();
    const outcomes = await write(open(), ...rows.map((other) => ({ ...row, ...other })));
    expect(outcomes[1]).toBe('written');
    await expectStored(open(), { ...row, version: 9, measureValue: '9' });
  });

  it.each<[string, (row: Row) => Partial<Row>]>([
    [
      'its dimensions in another order',
      ({ dimensions }) => ({ dimensions: dimensions.toReversed() }),
    ],
    ['its time in another unit', ({ time }) => ({ time: `${time}000`, timeUnit: 'MILLISECONDS' })],
  ])('knows a row again by %s', async (_, change) => {
    const row = newRow();
    await write(open(), row);
    expect(await write(open(), { ...row, ...change(row), measureValue: '2' })).toEqual([
      'version_conflict',
    ]);
  });

  it.each<[string, (row: Row) => Partial<Row>]>([
    ['measure name', () => ({ measureName: 'cpu_idle' })],
    ['time', ({ time }) => ({ time: String(Number(time) - 1) })],
    ['dimension', ({ dimensions }) => ({ dimensions: dimensions.slice(0, 1) })],
    [
      'dimension value',
      ({ dimensions }) => ({
        dimensions: [...dimensions.slice(0, 1), { name: 'host', value: 'b' }],
      }),
    ],
  ])('tells rows of another %s apart', async (_, change) => {
    const row = newRow();
    const other = { ...row, ...change(row), measureValue: '2' };
    expect(await write(open(), row, other)).toEqual(['written', 'written']);
    await expectStored(open(), row);
    await expectStored(open(), other);
  });

  it('takes rows of every type, and large versions', async () => {
    const rows: Partial<Row>[] = [
      { measureValueType: 'DOUBLE', measureValue: '-1.25e-3' },
      { measureValueType: 'BIGINT', measureValue: '9223372036854775807', measureName: 'tasks' },
      { measureValueType: 'VARCHAR', measureValue: 'ÄÖ "quoted"', measureName: 'state' },
      { measureValueType: 'BOOLEAN', measureValue: 'true', measureName: 'is_up' },
      { version: Number.MAX_SAFE_INTEGER, measureName: 'versioned' },
    ];
    expect(await write(open(), ...rows.map(newRow))).toEqual(rows.map(() => 'written'));
  });

  it('answers for every row, in order, when only some are taken', async () => {
    const known = newRow();
    await write(open(), known);
    const rows = Array.from({ length: 250 }, (_, i) =>
      i % 3 === 0
        ? { ...known, version: 1, measureValue: '0' }
        : newRow({ measureValue: String(i) }),
    );
    expect(await write(open(), ...rows)).toEqual(
      rows.map((_, i) => (i % 3 === 0 ? 'already_newer' : 'written')),
    );
  });

  it('has nothing to answer to no rows', async () => {
    expect(await open().write([], signal)).toEqual([]);
  });

  it('stops with the reason of its signal', async () => {
    const stopped = AbortSignal.abort(new Error('draining'));
    await expect(open().write([newRow()], stopped)).rejects.toThrow('draining');
  });

  // Goal: writes converge. Method: versions of one row, shuffled, repeated and cut into concurrent
  // writes; in the end the highest is stored, and no write ever was a conflict.
  it('ends with the highest version whatever the order of writes', async () => {
    const anyWrites = fc.array(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
      { minLength: 1, maxLength: 6 },
    );
    const property = fc.asyncProperty(anyWrites, async (writes) => {
      const row = newRow();
      const of = (version: number) => ({ ...row, version, measureValue: String(version) });
      const outcomes = await Promise.all(
        writes.map((versions) => write(open(), ...versions.map(of))),
      );
      expect(outcomes.flat()).not.toContain('version_conflict');
      await expectStored(open(), of(Math.max(...writes.flat())));
    });
    await fc.assert(property, { numRuns: 40 });
  });
}
