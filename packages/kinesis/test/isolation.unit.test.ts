import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Isolation, type IsolationKind } from '../src/consuming/isolation.ts';

const never = new AbortController().signal;

/** Lets every promise proceed as far as it can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('Isolation', () => {
  it('lets calls run together, and one alone', async () => {
    const kinds = fc.array(fc.constantFrom<IsolationKind>('together', 'alone'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(kinds, fc.array(fc.nat(11)), async (wanted, order) => {
        const isolation = new Isolation();
        const inside = new Map<number, { kind: IsolationKind; turn: Disposable }>();
        let servedCount = 0;
        for (const [index, kind] of wanted.entries()) {
          void isolation.enter(kind, never).then((turn) => {
            expect(index).toBe(servedCount);
            servedCount += 1;
            inside.set(index, { kind, turn });
          });
        }
        // Leaves in any order; finally, the first one inside.
        const leaves = [...order, ...wanted.map(() => -1)];
        for (const drawn of leaves) {
          await settle();
          const kindsInside = [...inside.values()].map(({ kind }) => kind);
          if (kindsInside.includes('alone')) expect(kindsInside).toEqual(['alone']);
          const leaving = inside.has(drawn) ? drawn : [...inside.keys()][0];
          if (leaving === undefined) break;
          inside.get(leaving)?.turn[Symbol.dispose]();
          inside.delete(leaving);
        }
        await settle();
        expect(servedCount).toBe(wanted.length);
      }),
      { numRuns: 50 },
    );
  });

  it('lets others run next to a call that shares its turn, except calls that must be alone', async () => {
    const isolation = new Isolation();
    const slow = await isolation.enter('alone', never);
    const entered: string[] = [];
    const together = isolation.enter('together', never).then((turn) => {
      entered.push('together');
      return turn;
    });
    const alone = isolation.enter('alone', never).then((turn) => {
      entered.push('alone');
      return turn;
    });
    await settle();
    expect(entered).toEqual([]);
    slow.share();
    await settle();
    expect(entered).toEqual(['together']);
    (await together)[Symbol.dispose]();
    await settle();
    expect(entered).toEqual(['together']);
    slow[Symbol.dispose]();
    (await alone)[Symbol.dispose]();
    expect(entered).toEqual(['together', 'alone']);
  });

  it('does not block others with a call that gave up', async () => {
    const isolation = new Isolation();
    const first = await isolation.enter('together', never);
    const stop = new AbortController();
    const alone = isolation.enter('alone', stop.signal);
    const next = isolation.enter('together', never);
    stop.abort(new Error('stopping'));
    await expect(alone).rejects.toThrow('stopping');
    (await next)[Symbol.dispose]();
    first[Symbol.dispose]();
    // It left once, however often that is called.
    first[Symbol.dispose]();
    (await isolation.enter('alone', never))[Symbol.dispose]();
  });
});
