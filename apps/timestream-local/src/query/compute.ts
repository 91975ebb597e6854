import type { Clock } from '@highwater/model';
import type { OpenQuery } from './open-query.ts';
import type { QueryContext } from './query-context.ts';
import { queryError } from './query-errors.ts';

/** Computes within the time limit. Keeps an error for the next call. */
export async function compute<T>(
  { slots, clock, timeLimitMs }: QueryContext,
  query: OpenQuery,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await slots.run(async () => {
      const done = new AbortController();
      const limiting = clock.sleep(timeLimitMs, done.signal).then(
        () => query.stop('timeout'),
        () => undefined,
      );
      try {
        return await task();
      } finally {
        done.abort();
        await limiting;
      }
    });
  } catch (error) {
    query.failure = queryError(error, query.stopped, timeLimitMs);
    throw query.failure;
  }
}

/** Whether a task ends in time, however it ends. */
export async function endsWithin(
  task: Promise<unknown>,
  timeMs: number,
  clock: Clock,
): Promise<boolean> {
  const done = new AbortController();
  const ended = task.then(
    () => true,
    () => true,
  );
  const late = clock.sleep(timeMs, done.signal).then(
    () => false,
    () => true,
  );
  const isEnded = await Promise.race([ended, late]);
  done.abort();
  return isEnded;
}
