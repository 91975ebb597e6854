import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Slots, SlotsBusyError } from '@highwater/flow';

describe('Slots', () => {
  // Goal: the limit holds, the order is kept, and no slot is lost, whichever tasks fail or leave
  // while waiting. Method: tasks that end in any order, some with an error, some canceled before
  // their turn.
  it('runs at most as many tasks as it has slots, in the order of asking', async () => {
    const task = fc.record({ fails: fc.boolean(), givesUp: fc.boolean() });
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 4 }),
      fc.array(task, { maxLength: 30 }),
      async (scheduler, count, tasks) => {
        const slots = new Slots(count);
        const begun: number[] = [];
        const ended = tasks.map(async ({ fails, givesUp }, index) => {
          const gone = new AbortController();
          if (givesUp) void scheduler.schedule(Promise.resolve()).then(() => gone.abort('gone'));
          const run = async () => {
            begun.push(index);
            expect(slots.takenCount).toBeLessThanOrEqual(count);
            await scheduler.schedule(Promise.resolve());
            if (fails) throw new Error('failed');
          };
          return slots.run(run, gone.signal).catch((error: unknown) => error);
        });
        const outcomes = await scheduler.waitFor(Promise.all(ended));
        expect(begun).toEqual(begun.toSorted((a, b) => a - b));
        expect([slots.takenCount, slots.waitingCount]).toEqual([0, 0]);
        for (const [index, outcome] of outcomes.entries()) {
          if (!begun.includes(index)) expect(outcome).toBe('gone');
          else if (tasks[index]?.fails) expect(outcome).toEqual(new Error('failed'));
          else expect(outcome).toBeUndefined();
        }
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('rejects a task when the maximum number is waiting', async () => {
    const slots = new Slots(1, 1);
    const first = await slots.take();
    const second = slots.take();
    await expect(slots.take()).rejects.toBeInstanceOf(SlotsBusyError);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    expect(slots.takenCount).toBe(0);
  });

  it('frees a slot once, however often it is disposed', async () => {
    const slots = new Slots(2);
    const [first] = [await slots.take(), await slots.take()];
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(slots.takenCount).toBe(1);
  });
});
