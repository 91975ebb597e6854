import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row, RowOutcome } from '@highwater/model';
import { openTimestreamStore } from '../src/index.ts';
import { FakeTable, tableOf, openOptions, rowOf } from './fakes.ts';

async function openFake() {
  const table = new FakeTable();
  const options = openOptions();
  const store = await openTimestreamStore(tableOf(), options, table);
  return { table, ...options, write: (rows: readonly Row[]) => store.write(rows, options.signal) };
}

const anyRow = fc
  .record({
    measureName: fc.constantFrom('cpu_user', 'cpu_idle', 'memory_free'),
    measureValue: fc.constantFrom('1', '1.0', '2', 'NaN', '-0', '0'),
    host: fc.constantFrom('a', 'b', 'c', 'd', ''),
    time: fc.constantFrom('1700000000', '1700000001', '-5'),
    version: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ host, ...row }) => rowOf({ ...row, dimensions: [{ name: 'host', value: host }] }));

/** The outcome of a row among all rows of its write, with one sentence per outcome. */
function expectedOf(row: Row, rows: readonly Row[]): string {
  if (row.time === '-5' && row.version > 0) return 'time_out_of_range';
  if (!isGood(row)) return 'invalid';
  const rivals = rows.filter((other) => isGood(other) && identityOf(other) === identityOf(row));
  const highest = Math.max(...rivals.map(({ version }) => version));
  if (row.version < highest) return 'already_newer';
  const winner = rivals.find(({ version }) => version === highest);
  return Number(winner?.measureValue) === Number(row.measureValue) ? 'written' : 'version_conflict';
}

function isGood(row: Row): boolean {
  const hasDimension = row.dimensions[0]?.value !== '';
  return row.version > 0 && row.time !== '-5' && row.measureValue !== 'NaN' && hasDimension;
}

function identityOf({ measureName, dimensions, time }: Row): string {
  return `${measureName} ${dimensions[0]?.value} ${time}`;
}

function inOneWord(outcome: RowOutcome): string {
  return outcome.status === 'rejected' ? outcome.reason : outcome.status;
}

describe('TimestreamStore', () => {
  // Goal: every row has exactly one outcome, the right one. Method: compare random rows, many of
  // them bad or rivals of each other, with the rules implemented again for one row at a time.
  it('gives every row its outcome, in order, in requests of at most a hundred', async () => {
    const property = fc.asyncProperty(fc.array(anyRow, { maxLength: 400 }), async (rows) => {
      const { table, write } = await openFake();
      const outcomes = await write(rows);
      expect(outcomes.map(inOneWord)).toEqual(rows.map((row) => expectedOf(row, rows)));
      expect(Math.max(0, ...table.requestSizes)).toBeLessThanOrEqual(100);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('fills a request with a hundred rows and sends the rest in another', async () => {
    const { table, write } = await openFake();
    const rows = Array.from({ length: 130 }, (_, i) => rowOf({ time: String(1_700_000_000 + i) }));
    expect(await write(rows)).toEqual(rows.map(() => ({ status: 'written' })));
    expect(table.requestSizes).toEqual([100, 30]);
  });

  // Goal: a rejected request costs only its bad rows. Method: the table rejects a value that the
  // store cannot know to be bad, at random places.
  it('finds the rows for which a request is rejected, and writes all others', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 150 }),
      async (isBad) => {
        const { write } = await openFake();
        const rows = isBad.map((bad, i) =>
          rowOf({ time: String(i + 1), measureValue: bad ? '666' : '1' }),
        );
        expect(await write(rows)).toEqual(
          isBad.map((bad) =>
            bad
              ? { status: 'rejected', reason: 'invalid', detail: 'a bad value' }
              : { status: 'written' },
          ),
        );
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  it('retries an older row when the newer one was rejected', async () => {
    const { write } = await openFake();
    const outcomes = await write([
      rowOf({ version: 1, measureValue: '1' }),
      rowOf({ version: 2, measureValue: '666' }),
    ]);
    expect(outcomes.map(inOneWord)).toEqual(['written', 'invalid']);
  });

  it('distinguishes a lower version from an equal version with another value', async () => {
    const { write } = await openFake();
    await write([rowOf({ version: 5, measureValue: '1' })]);
    expect(await write([rowOf({ version: 4, measureValue: '1' })])).toEqual([
      { status: 'already_newer', existingVersion: 5 },
    ]);
    expect((await write([rowOf({ version: 5, measureValue: '2' })])).map(inOneWord)).toEqual([
      'version_conflict',
    ]);
    expect((await write([rowOf({ version: 5, measureValue: '1' })])).map(inOneWord)).toEqual([
      'written',
    ]);
  });

  it('counts each row once, by its outcome', async () => {
    const { write, registry } = await openFake();
    await write([
      rowOf({ version: 2 }),
      rowOf({ version: 1 }),
      rowOf({ version: 2 }),
      rowOf({ dimensions: [] }),
    ]);
    const text = await registry.metrics();
    expect(text).toContain('sink_records_written_total 2\n');
    expect(text).toContain('sink_records_already_newer_total 1\n');
    expect(text).toContain('sink_records_rejected_total{reason="invalid"} 1\n');
    expect(text).toContain('sink_requests_in_flight 0\n');
  });
});
