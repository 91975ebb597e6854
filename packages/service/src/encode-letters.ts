import type { DeadLetter } from '@highwater/model';
import { crc32 } from 'node:zlib';

const newline = Buffer.from('\n');

/** Stores may return long texts about a row. */
const detailCharactersMax = 1_000;

/**
 * One letter as a line of the file, with its newline. Its first member is a CRC-32 of everything
 * after that member, because a damaged letter must not be sent again as if a producer had made it.
 */
export function encodeLetter(letter: DeadLetter, nowMs: number): Buffer {
  const { stage, reason, detail, stream, shardId, arrivalTimeMs, payload } = letter;
  const { buffer, byteOffset, byteLength } = payload;
  const head = JSON.stringify({
    time: new Date(nowMs).toISOString(),
    stage,
    reason,
    detail: detail.slice(0, detailCharactersMax),
    stream,
    shardId,
    sequenceNumber: letter.sequenceNumber,
    // Left out when the record was not in an aggregate.
    subSequenceNumber: letter.subSequenceNumber,
    arrivalTime: new Date(arrivalTimeMs).toISOString(),
    // Only if the record had several.
    elements: letter.elements,
  });
  // Last, so that a reader has everything else before it reaches the bytes.
  const base64 = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  const rest = Buffer.from(`${head.slice(1, -1)},"payload":"${base64}"}`);
  const sum = crc32(rest).toString(16).padStart(8, '0');
  return Buffer.concat([Buffer.from(`{"crc32":"${sum}",`), rest, newline]);
}

/**
 * Letters as slices of the file, encoded while they are written, because a batch of letters can
 * exceed the maximum length of a string or the memory of the service. A letter is never split
 * across slices.
 *
 * @param sliceBytesTarget a slice is closed once it has this many bytes
 */
export function* encodeSlices(
  letters: Iterable<DeadLetter>,
  nowMs: number,
  sliceBytesTarget: number,
): Generator<{ readonly bytes: Buffer; readonly letters: readonly DeadLetter[] }> {
  let lines: Buffer[] = [];
  let slice: DeadLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const line = encodeLetter(letter, nowMs);
    lines.push(line);
    slice.push(letter);
    bytes += line.length;
    if (bytes < sliceBytesTarget) continue;
    yield { bytes: Buffer.concat(lines), letters: slice };
    [lines, slice, bytes] = [[], [], 0];
  }
  if (slice.length > 0) yield { bytes: Buffer.concat(lines), letters: slice };
}
