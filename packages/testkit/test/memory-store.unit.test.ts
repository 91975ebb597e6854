import type { Row } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FaultPlan,
  faultyStore,
  MemoryStore,
  SeededRandom,
  SimulatedClock,
  StoreUnavailableError,
} from '../src/index.ts';

const row = (version: number, measureValue: string, more: Partial<Row> = {}): Row => ({
  measureName: 'cpu',
  measureValueType: 'DOUBLE',
  measureValue,
  dimensions: [{ name: 'host', value: 'a' }],
  time: '1700000000',
  timeUnit: 'SECONDS',
  version,
  ...more,
});
const never = new AbortController().signal;

describe('MemoryStore', () => {
  it('keeps the highest version, in whatever order versions arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (versions) => {
          const store = new MemoryStore();
          for (const version of versions) await store.write([row(version, `${version}`)], never);
          expect([...store.rows.values()]).toEqual([
            row(Math.max(...versions), `${Math.max(...versions)}`),
          ]);
        },
      ),
    );
  });

  it.each([
    { version: 2, value: 'x', outcome: { status: 'written' }, because: 'a retry changes nothing' },
    {
      version: 1,
      value: 'x',
      outcome: { status: 'already_newer', existingVersion: 2 },
      because: 'a lower version is refused whatever its value',
    },
    { version: 3, value: 'y', outcome: { status: 'written' }, because: 'a higher version wins' },
  ])('answers version $version over 2: $because', async ({ version, value, outcome }) => {
    const store = new MemoryStore();
    await store.write([row(2, 'x')], never);
    expect(await store.write([row(version, value)], never)).toEqual([outcome]);
  });

  it('rejects the same version with another value, and records the conflict', async () => {
    const store = new MemoryStore();
    const outcomes = await store.write([row(2, 'x'), row(2, 'y')], never);
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: 'version_conflict' });
    expect(store.conflicts).toEqual([row(2, 'y')]);
  });

  it('treats equal times in different units, and dimensions in any order, as the same row', async () => {
    const store = new MemoryStore();
    const dimensions = [
      { name: 'host', value: 'a' },
      { name: 'zone', value: 'b' },
    ];
    await store.write([row(1, 'x', { dimensions })], never);
    const same = { dimensions: dimensions.toReversed(), time: '1700000000000' };
    await store.write([row(2, 'y', { ...same, timeUnit: 'MILLISECONDS' })], never);
    expect(store.rows.size).toBe(1);
  });
});

describe('faultyStore', () => {
  // Goal: faults cost time, not rows. Method: concurrent writers that retry until they get an
  // answer.
  it('ends with the same rows as a store without faults', async () => {
    const random = new SeededRandom('faulty store');
    const clock = new SimulatedClock();
    const plain = new MemoryStore();
    const disturbed = new MemoryStore();
    const rates = { throttle: 0.2, fail: 0.2, loseReply: 0.2, partial: 1, delay: 0.5 };
    const store = faultyStore(disturbed, new FaultPlan(random.fork('plan'), rates), clock);
    let failuresCount = 0;
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      const rows = Array.from({ length: 10 }, (_row, i) =>
        row(writer + 1, `${writer}`, { time: `${i}` }),
      );
      await plain.write(rows, never);
      for (;;) {
        try {
          await store.write(rows, never);
          return;
        } catch (error) {
          if (!(error instanceof StoreUnavailableError)) throw error;
          failuresCount += 1;
          await clock.sleep(10);
        }
      }
    });
    let isDone = false;
    const all = Promise.all(writers).then(() => (isDone = true));
    await clock.runUntil(() => isDone);
    await all;
    expect(failuresCount).toBeGreaterThan(0);
    expect(new Map(disturbed.rows)).toEqual(new Map(plain.rows));
  });
});
