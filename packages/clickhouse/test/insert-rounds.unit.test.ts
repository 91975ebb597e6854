import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { InsertRounds } from '../src/insert-rounds.ts';

const { signal } = new AbortController();

function roundsInto(sent: (readonly number[])[], send = async () => {}) {
  const clock = new SimulatedClock();
  const rounds = new InsertRounds<number>({
    clock,
    delayMs: 200,
    itemsEnough: 4,
    itemsMax: 6,
    bytesMax: 100,
    inFlightMax: 1,
    bytesOf: (item) => item,
    send: async (items) => {
      sent.push(items);
      await send();
    },
  });
  return { clock, rounds };
}

describe('InsertRounds', () => {
  it('sends what several callers add within the delay as one', async () => {
    const sent: (readonly number[])[] = [];
    const { clock, rounds } = roundsInto(sent);
    const added = [rounds.add([1], signal), rounds.add([2, 3], signal)];
    await clock.advance(199);
    expect(sent).toEqual([]);
    await clock.advance(1);
    await Promise.all(added);
    expect(sent).toEqual([[1, 2, 3]]);
  });

  it('does not wait when there are enough, and sends no more than fit', async () => {
    const sent: (readonly number[])[] = [];
    const { rounds } = roundsInto(sent);
    await rounds.add([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], signal);
    expect(sent).toEqual([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10],
    ]);
    sent.length = 0;
    await rounds.add([60, 30, 20, 2, 3, 4], signal);
    expect(sent).toEqual([
      [60, 30],
      [20, 2, 3, 4],
    ]);
  });

  it('grows while all requests are under way', async () => {
    const sent: (readonly number[])[] = [];
    const first = Promise.withResolvers<void>();
    const { rounds } = roundsInto(sent, () => first.promise);
    const added = [rounds.add([1, 2, 3, 4], signal)];
    await expect.poll(() => sent.length).toBe(1);
    added.push(rounds.add([5, 6, 7, 8], signal), rounds.add([9], signal));
    first.resolve();
    await Promise.all(added);
    expect(sent).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
  });

  it('tells every caller why a round failed', async () => {
    const { clock, rounds } = roundsInto([], async () => {
      throw new Error('refused');
    });
    const added = Promise.allSettled([rounds.add([1], signal), rounds.add([2], signal)]);
    await clock.advance(200);
    expect((await added).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('lets one caller go, and writes the rows of the others', async () => {
    const sent: (readonly number[])[] = [];
    const { clock, rounds } = roundsInto(sent);
    const leaving = new AbortController();
    const left = rounds.add([1], leaving.signal);
    const stays = rounds.add([2], signal);
    leaving.abort(new Error('draining'));
    await expect(left).rejects.toThrow('draining');
    await clock.advance(200);
    await stays;
    expect(sent).toEqual([[1, 2]]);
  });

  it('gives up a round that nobody waits for, and begins another', async () => {
    const sent: (readonly number[])[] = [];
    const { clock, rounds } = roundsInto(sent);
    const leaving = new AbortController();
    const left = rounds.add([1], leaving.signal);
    leaving.abort(new Error('draining'));
    await expect(left).rejects.toThrow('draining');
    const stays = rounds.add([2], signal);
    await clock.advance(200);
    await stays;
    expect(sent).toEqual([[2]]);
  });
});
