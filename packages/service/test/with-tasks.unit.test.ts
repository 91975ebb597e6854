import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withTasks } from '../src/index.ts';

const never = new AbortController().signal;

/** Resolves when the signal aborts. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

describe('withTasks', () => {
  it('returns the result of the body after every task has ended', async () => {
    const ended: string[] = [];
    const result = await withTasks(never, async ({ run }) => {
      run(async () => {
        await Promise.resolve();
        ended.push('task');
      });
      return 7;
    });
    expect({ result, ended }).toEqual({ result: 7, ended: ['task'] });
  });

  it('aborts the others at the first failure, waits for them, and throws that failure', async () => {
    const failure = new Error('first');
    let hasCleanedUp = false;
    const group = withTasks(never, async ({ run }) => {
      run(async (signal) => {
        await untilAborted(signal);
        await Promise.resolve();
        hasCleanedUp = true;
        throw new Error('a consequence');
      });
      run(async () => {
        throw failure;
      });
    });
    await expect(group).rejects.toBe(failure);
    expect(hasCleanedUp).toBe(true);
  });

  it('aborts the tasks when the body fails', async () => {
    const failure = new Error('body');
    const group = withTasks(never, async ({ run }) => {
      run(untilAborted);
      throw failure;
    });
    await expect(group).rejects.toBe(failure);
  });

  it('ends quietly when the outer signal aborts and the tasks end quietly', async () => {
    const controller = new AbortController();
    const group = withTasks(controller.signal, async ({ run }) => run(untilAborted));
    controller.abort();
    await expect(group).resolves.toBeUndefined();
  });

  it('waits for a task that another task has started', async () => {
    const ended: string[] = [];
    await withTasks(never, async ({ run }) => {
      run(async () => {
        run(async () => {
          await Promise.resolve();
          ended.push('inner');
        });
      });
    });
    expect(ended).toEqual(['inner']);
  });

  it('refuses a task after the group has ended', async () => {
    let late: (() => void) | undefined;
    await withTasks(never, async ({ run }) => {
      late = () => run(async () => {});
    });
    expect(() => late?.()).toThrow('after its group had ended');
  });

  // Goal: no task outlives its group, whatever the order in which promises settle, and the group
  // fails exactly when a task does. Method: fast-check's scheduler picks the order.
  it('settles after all tasks, in every order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.boolean(), { maxLength: 6 }),
        async (scheduler, fails) => {
          let running = 0;
          const group = withTasks(never, async ({ run }) => {
            for (const isFailing of fails) {
              run(async () => {
                running += 1;
                await scheduler.schedule(Promise.resolve()).finally(() => {
                  running -= 1;
                });
                if (isFailing) throw new Error('task');
              });
            }
          });
          const outcome = group.then(
            () => 'ended',
            () => 'failed',
          );
          await scheduler.waitFor(outcome);
          expect(running).toBe(0);
          expect(await outcome).toBe(fails.includes(true) ? 'failed' : 'ended');
        },
      ),
    );
  });
});
