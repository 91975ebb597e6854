import type { OpenStore, Row, RowOutcome, RowReader, Store } from '@highwater/model';
import fc from 'fast-check';
import { expect } from 'vitest';

/** One thing that every store must do, whatever is behind it. */
export interface Law {
  readonly title: string;
  /** @param reader reads the table, where the answers of the store do not tell what is in it */
  readonly hold: (store: Store | OpenStore, reader?: RowReader) => Promise<void>;
}

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

function interpolated(value: string): Row['attributes'] {
  return [{ name: 'interpolated', type: 'VARCHAR', value }];
}

/** The outcome in one word. */
function wordOf(outcome: RowOutcome): string {
  return outcome.status === 'rejected' ? outcome.reason : outcome.status;
}

async function write(store: Store, ...rows: readonly Row[]): Promise<readonly string[]> {
  return (await store.write(rows, signal)).map(wordOf);
}

/** Whether the answers of a store tell what it had before; otherwise every row is taken. */
function tellsStored(store: Store | OpenStore): boolean {
  return !('abilities' in store) || store.abilities.detectsConflicts;
}

/** What is answered to a row that a stored one is newer than, or contradicts. */
function settled(
  store: Store | OpenStore,
  word: 'already_newer' | 'version_conflict',
): readonly string[] {
  return [tellsStored(store) ? word : 'written'];
}

/**
 * Checks that exactly this version and value are stored, through the interface alone where it tells:
 * the same again is no change, and another value at the same version is a conflict.
 */
async function expectStored(
  store: Store | OpenStore,
  row: Row,
  reader: RowReader | undefined,
): Promise<void> {
  if (tellsStored(store)) {
    expect(await write(store, { ...row, measureValue: '-1' })).toEqual(['version_conflict']);
    expect(await write(store, row)).toEqual(['written']);
  } else expect(await read(reader, row)).toEqual([Number(row.measureValue)]);
}

/** The stored values of the row's identity. */
async function read(reader: RowReader | undefined, row: Row): Promise<readonly number[]> {
  if (!reader) throw new Error('a store that does not tell what it has needs a reader');
  const timeMs = Number(row.time) * (row.timeUnit === 'SECONDS' ? 1_000 : 1);
  const dimensions = new Map(row.dimensions.map(({ name, value }) => [name, value]));
  const filters = { case: [dimensions.get('case') ?? ''] };
  const choice = { measure: row.measureName, fromMs: timeMs, toMs: timeMs, filters, by: 'host' };
  const { items } = await reader.points(choice, { rowsMax: 10, signal });
  // Another row may have no host.
  const found = items.filter(({ group }) => group === (dimensions.get('host') ?? ''));
  return found.map(({ value }) => value);
}

type Change = readonly [what: string, change: (row: Row) => Partial<Row>];

const sameIdentity: readonly Change[] = [
  [
    'its dimensions in another order',
    ({ dimensions }) => ({ dimensions: dimensions.toReversed() }),
  ],
  ['its time in another unit', ({ time }) => ({ time: `${time}000`, timeUnit: 'MILLISECONDS' })],
];

const otherIdentity: readonly Change[] = [
  ['measure name', () => ({ measureName: 'cpu_idle' })],
  ['time', ({ time }) => ({ time: String(Number(time) - 1) })],
  ['dimension', ({ dimensions }) => ({ dimensions: dimensions.slice(0, 1) })],
  [
    'dimension value',
    ({ dimensions }) => ({ dimensions: [...dimensions.slice(0, 1), { name: 'host', value: 'b' }] }),
  ],
];

/** The behavior of every store. */
export const storeContract: readonly Law[] = [
  {
    title: 'takes the same row any number of times',
    async hold(store, reader) {
      const row = newRow();
      expect(await write(store, row, row)).toEqual(['written', 'written']);
      await expectStored(store, row, reader);
    },
  },
  {
    title: 'replaces a row by a higher version',
    async hold(store, reader) {
      const row = newRow();
      await write(store, row);
      const newer = { ...row, version: 8, measureValue: '2.5' };
      expect(await write(store, newer)).toEqual(['written']);
      await expectStored(store, newer, reader);
    },
  },
  {
    title: 'keeps a row against a lower version, and says which is there',
    async hold(store, reader) {
      const row = newRow();
      await write(store, row);
      const older = { ...row, version: 6, measureValue: '2.5' };
      expect(await store.write([older], signal)).toEqual([
        tellsStored(store)
          ? { status: 'already_newer', existingVersion: 7 }
          : { status: 'written' },
      ]);
      await expectStored(store, row, reader);
    },
  },
  {
    title: 'keeps one of two values with the same version',
    async hold(store, reader) {
      const row = newRow();
      await write(store, row);
      const other = { ...row, measureValue: '2.5' };
      expect(await write(store, other)).toEqual(settled(store, 'version_conflict'));
      // Where the engine does not tell, it keeps the one that came last.
      await expectStored(store, tellsStored(store) ? row : other, reader);
    },
  },
  {
    title: 'lets a higher version raise the version of an equal value',
    async hold(store) {
      const row = newRow();
      await write(store, row);
      expect(await write(store, { ...row, version: 9 })).toEqual(['written']);
      expect(await write(store, { ...row, version: 8 })).toEqual(settled(store, 'already_newer'));
    },
  },
  {
    title: 'keeps the highest of several versions in one write',
    async hold(store, reader) {
      const row = newRow();
      const rows = [3, 9, 5].map((version) => ({ ...row, version, measureValue: `${version}` }));
      expect((await write(store, ...rows))[1]).toBe('written');
      await expectStored(store, { ...row, version: 9, measureValue: '9' }, reader);
    },
  },
  {
    title: 'replaces attributes together with the value, as one row',
    async hold(store, reader) {
      const filled = newRow({ measureName: 'filled', attributes: interpolated('linear') });
      const real = { ...filled, version: 8, measureValue: '2.5', attributes: interpolated('none') };
      expect(await write(store, filled, real)).toContain('written');
      expect(await write(store, filled)).toEqual(settled(store, 'already_newer'));
      const otherwise = { ...real, attributes: interpolated('linear') };
      expect(await write(store, otherwise)).toEqual(settled(store, 'version_conflict'));
      expect(await write(store, real)).toEqual(['written']);
      await expectStored(store, real, reader);
    },
  },
  ...sameIdentity.map(knowsAgain),
  ...otherIdentity.map(tellsApart),
  {
    title: 'takes rows of every type, and large versions',
    async hold(store) {
      const rows: Partial<Row>[] = [
        { measureValueType: 'DOUBLE', measureValue: '-1.25e-3' },
        { measureValueType: 'BIGINT', measureValue: '9223372036854775807', measureName: 'tasks' },
        { measureValueType: 'VARCHAR', measureValue: 'ÄÖ "quoted"', measureName: 'state' },
        { measureValueType: 'BOOLEAN', measureValue: 'true', measureName: 'is_up' },
        { version: Number.MAX_SAFE_INTEGER, measureName: 'versioned' },
      ];
      expect(await write(store, ...rows.map(newRow))).toEqual(rows.map(() => 'written'));
    },
  },
  {
    title: 'answers for every row, in order, when only some are taken',
    async hold(store) {
      const known = newRow();
      await write(store, known);
      const rows = Array.from({ length: 250 }, (_, i) =>
        i % 3 === 0
          ? { ...known, version: 1, measureValue: '0' }
          : newRow({ measureValue: String(i) }),
      );
      expect(await write(store, ...rows)).toEqual(
        rows.map((_, i) => (i % 3 === 0 ? settled(store, 'already_newer')[0] : 'written')),
      );
    },
  },
  {
    title: 'has nothing to answer to no rows',
    async hold(store) {
      expect(await store.write([], signal)).toEqual([]);
    },
  },
  {
    title: 'stops with the reason of its signal',
    async hold(store) {
      const stopped = AbortSignal.abort(new Error('draining'));
      await expect(store.write([newRow()], stopped)).rejects.toThrow('draining');
    },
  },
  {
    title: 'ends with the highest version whatever the order of writes',
    hold: convergesOnTheHighestVersion,
  },
];

// Goal: writes converge. Method: versions of one row, shuffled, repeated and cut into concurrent
// writes; in the end the highest is stored, and no write ever was a conflict.
async function convergesOnTheHighestVersion(
  store: Store | OpenStore,
  reader?: RowReader,
): Promise<void> {
  const anyVersions = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
  const anyWrites = fc.array(anyVersions, { minLength: 1, maxLength: 6 });
  const property = fc.asyncProperty(anyWrites, async (writes) => {
    const row = newRow();
    const of = (version: number) => ({ ...row, version, measureValue: String(version) });
    const outcomes = await Promise.all(writes.map((versions) => write(store, ...versions.map(of))));
    expect(outcomes.flat()).not.toContain('version_conflict');
    await expectStored(store, of(Math.max(...writes.flat())), reader);
  });
  await fc.assert(property, { numRuns: 40 });
}

function knowsAgain([what, change]: Change): Law {
  return {
    title: `knows a row again by ${what}`,
    async hold(store, reader) {
      const row = newRow();
      await write(store, row);
      const again = { ...row, ...change(row), measureValue: '2' };
      expect(await write(store, again)).toEqual(settled(store, 'version_conflict'));
      if (!tellsStored(store)) await expectStored(store, again, reader);
    },
  };
}

function tellsApart([what, change]: Change): Law {
  return {
    title: `tells rows of another ${what} apart`,
    async hold(store, reader) {
      const row = newRow();
      const other = { ...row, ...change(row), measureValue: '2' };
      expect(await write(store, row, other)).toEqual(['written', 'written']);
      await expectStored(store, row, reader);
      await expectStored(store, other, reader);
    },
  };
}
