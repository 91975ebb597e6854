import type { OutgoingRecord } from '@highwater/model';
import type { Producer } from '@highwater/kinesis';
import type { Pace } from './pace.ts';
import { SendWindow } from './send-window.ts';
import type { Tally } from './tally.ts';

/** Batches under way at once: enough to hide the round trip, few enough to feel a slow stream. */
const sendsMax = 8;
/** Two batches may overtake each other, so that points in order go one batch after the other. */
const orderedSendsMax = 1;

/**
 * Sends slices at the pace, several at a time, until there are no more or the signal aborts; what
 * was begun is finished.
 */
export async function sendSlices(
  slices: AsyncIterable<readonly OutgoingRecord[]>,
  options: {
    readonly producer: Producer;
    readonly pace: Pace;
    readonly tally: Tally;
    /** Whether the stream must get the slices in their order. @default false */
    readonly isOrdered?: boolean;
  },
  signal: AbortSignal,
): Promise<void> {
  const { producer, pace, tally, isOrdered = false } = options;
  const sends = new SendWindow(isOrdered ? orderedSendsMax : sendsMax);
  // The stop signal ends the making of points, not the sending of those that are made.
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
