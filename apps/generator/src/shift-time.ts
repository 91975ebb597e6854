import { findTime, type TimeUnit } from '@highwater/model';

const unitsPerSecond: Readonly<Record<TimeUnit, bigint>> = {
  SECONDS: 1n,
  MILLISECONDS: 1_000n,
  MICROSECONDS: 1_000_000n,
  NANOSECONDS: 1_000_000_000n,
};

/** A line that is a point. */
interface ShiftedLine {
  readonly bytes: Uint8Array;
  /** The decoded text of the bytes. */
  readonly text: string;
  /** The point's time, in digits of `timeUnit`. */
  readonly point: { readonly time: string; readonly timeUnit: TimeUnit };
}

/**
 * A point's JSON object with its time moved. Every other byte stays the same, because parsing and
 * rewriting would lose the last digits of long numbers.
 *
 * Moves by whole seconds only, which are exact in every unit, so distances between points are kept.
 */
export function shiftTime({ bytes, text, point }: ShiftedLine, bySeconds: number): Uint8Array {
  const place = findTime(text);
  // A point has a time.
  if (!place) return bytes;
  const moved = String(BigInt(point.time) + BigInt(bySeconds) * unitsPerSecond[point.timeUnit]);
  const written = text[place.start] === '"' ? `"${moved}"` : moved;
  // Counted from the end, because the text lacks the byte order mark that the bytes may start with.
  const fromEnd = (at: number) => bytes.length - Buffer.byteLength(text.slice(at));
  return Buffer.concat([
    bytes.subarray(0, fromEnd(place.start)),
    Buffer.from(written),
    bytes.subarray(fromEnd(place.end)),
  ]);
}
