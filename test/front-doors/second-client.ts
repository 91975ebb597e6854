import { systemClock } from '@highwater/service';
import type { Door } from './doors.ts';
import { ask } from './raw-http.ts';

/** A client that continues to send requests while others misbehave. */
export interface SecondClient {
  /** Resolves after one more answer, with the calls so far. It throws when one was not answered. */
  untilAnswered(): Promise<number>;
  /** Ends it, and gives back its longest wait, ms. It throws when a call was not answered. */
  stop(): Promise<number>;
}

/** Starts calling what is cheap, each time on a new connection. */
export function startSecondClient(door: Door): SecondClient {
  const stop = new AbortController();
  let answered = 0;
  let next = Promise.withResolvers<void>();
  const run = async () => {
    let longestMs = 0;
    while (!stop.signal.aborted) {
      const startMs = performance.now();
      const { status } = await ask(door, door.cheap);
      if (status !== 200) throw new Error(`the second client of ${door.name} got ${status}`);
      answered += 1;
      next.resolve();
      next = Promise.withResolvers();
      longestMs = Math.max(longestMs, performance.now() - startMs);
      // A turn for the others; a client that asks without a pause would be a flood of its own.
      await systemClock.sleep(10);
    }
    return longestMs;
  };
  const running = run();
  // Heard by `stop`.
  running.catch(() => undefined);
  return {
    untilAnswered: async () => {
      await Promise.race([running, next.promise]);
      return answered;
    },
    stop: () => {
      stop.abort();
      return running;
    },
  };
}

/** Prints what the others cost a second client. */
export function report(
  { name }: Door,
  what: string,
  figures: {
    readonly calls: number;
    readonly longestMs: number;
    readonly grownBytes?: number;
  },
): void {
  const { calls, longestMs, grownBytes } = figures;
  const memory = grownBytes === undefined ? '' : `; ${Math.round(grownBytes / 2 ** 20)} MiB more`;
  const wait = `${calls} calls of a second client, the longest ${Math.round(longestMs)} ms`;
  process.stdout.write(`${name}: ${what}: ${wait}${memory}\n`);
}
