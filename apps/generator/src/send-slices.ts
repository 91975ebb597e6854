import type { OutgoingRecord } from '@highwater/model';
import type { Producer } from '@highwater/kinesis';
import type { Pace } from './pace.ts';
import { SendWindow } from './send-window.ts';
import type { Tally } from './tally.ts';

/** Concurrent batches: enough to hide the round trip, few enough to notice a slow stream. */
const sendsMax = 8;
/** Concurrent batches may overtake each other, so points in order are sent one batch at a time. */
const orderedSendsMax = 1;

/**
 * Sends slices at the given pace, several concurrently, until there are no more or the signal
 * aborts. Finishes sends in progress.
 */
export async function sendSlices(
  slices: AsyncIterable<readonly OutgoingRecord[]>,
  options: {
    readonly producer: Producer;
    readonly pace: Pace;
    readonly tally: Tally;
    /** Whether the stream must receive the slices in order. @default false */
    readonly isOrdered?: boolean;
  },
  signal: AbortSignal,
): Promise<void> {
  const { producer, pace, tally, isOrdered = false } = options;
  const sends = new SendWindow(isOrdered ? orderedSendsMax : sendsMax);
  // The stop signal ends the making of points, not the sending of finished ones.
  const unstopped = new AbortController().signal;
  const send = async (slice: readonly OutgoingRecord[]) => {
    await producer.put(slice, unstopped);
    tally.addPoints(slice.length);
  };
  try {
    for await (const slice of slices) {
      await sends.add(send(slice));
      pace.spend(slice.length);
      await pace.ready(signal);
      if (signal.aborted) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await sends.drain();
  }
}
