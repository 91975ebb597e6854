import type { OutgoingRecord } from '@highwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedPuts } from '../src/bounded-puts.ts';

const record = (name: string): OutgoingRecord => ({ partitionKey: name, data: Uint8Array.of(1) });

describe('bounded puts', () => {
  // Goal: the code that creates records waits for the stream. Method: puts that end in any order.
  // There are never more in progress than allowed, and in the end each was made once.
  it('never has more in progress than allowed, and makes each put once', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 30 }),
      async (scheduler, inFlightMax, count) => {
        const made: string[] = [];
        let inFlight = 0;
        const puts = new BoundedPuts(async (records) => {
          inFlight += 1;
          expect(inFlight).toBeLessThanOrEqual(inFlightMax);
          made.push(...records.map(({ partitionKey }) => partitionKey));
          await scheduler.schedule(Promise.resolve());
          inFlight -= 1;
        }, inFlightMax);
        const names = Array.from({ length: count }, (_, index) => String(index));
        const all = async () => {
          for (const name of names) await puts.begin([record(name)]);
          await puts.settled();
        };
        await scheduler.waitFor(all());
        expect(made).toEqual(names);
        expect(inFlight).toBe(0);
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  it('starts nothing after a failure, and reports it when all others have ended', async () => {
    const made: string[] = [];
    const [refusal, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let hasEnded = false;
    const puts = new BoundedPuts(async ([first]) => {
      made.push(first?.partitionKey ?? '');
      if (made.length === 1) return refusal.promise;
      await rest.promise;
      hasEnded = true;
    }, 2);
    await puts.begin([record('a')]);
    await puts.begin([record('b')]);
    const third = puts.begin([record('c')]).catch((error: unknown) => {
      expect(hasEnded).toBe(true);
      throw error;
    });
    refusal.reject(new Error('refused'));
    rest.resolve();
    await expect(third).rejects.toThrow('refused');
    await expect(puts.settled()).rejects.toThrow('refused');
    expect(made).toEqual(['a', 'b']);
  });
});
