import { SnapshotError } from '../errors.ts';

/**
 * `HWws`, an empty field, and the length of the header: 4, 4 and 8 bytes. Release 0.1 wrote a checksum
 * into the empty field. The stores of snapshots compare their SHA-256 with the lease's instead.
 */
const prefixBytes = 16;
const magic = 0x73_77_57_48;

/** The parts of a snapshot: a readable header, and the arrays that it describes. */
export interface SnapshotFrame {
  /** JSON. */
  readonly header: string;
  readonly arrays: readonly (Float64Array | Int32Array)[];
}

/**
 * Puts a snapshot together: a prefix, the header, and each array as it lies in memory
 * (little-endian), aligned to 8 bytes.
 */
export function writeFrame({ header, arrays }: SnapshotFrame): Uint8Array {
  const headerBytes = new TextEncoder().encode(header);
  const bodyAt = aligned(prefixBytes + headerBytes.length);
  const bodyBytes = arrays.reduce((sum, array) => sum + aligned(array.byteLength), 0);
  const bytes = new Uint8Array(bodyAt + bodyBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(headerBytes, prefixBytes);
  let at = bodyAt;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  view.setUint32(0, magic, true);
  view.setBigUint64(8, BigInt(headerBytes.length), true);
  return bytes;
}

/** Reads the arrays of a snapshot in the order in which they were written. */
export class FrameReader {
  readonly header: string;
  readonly #bytes: Uint8Array;
  #at: number;

  /** @throws {SnapshotError} when the bytes are not a snapshot */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < prefixBytes || view.getUint32(0, true) !== magic) {
      throw new SnapshotError(
        'it is not a snapshot of open windows, or its format is older than 3',
      );
    }
    const headerBytes = Number(view.getBigUint64(8, true));
    this.header = new TextDecoder().decode(bytes.subarray(prefixBytes, prefixBytes + headerBytes));
    this.#bytes = bytes;
    this.#at = aligned(prefixBytes + headerBytes);
  }

  float64s(count: number): Float64Array {
    return new Float64Array(this.#copy(count * 8));
  }

  int32s(count: number): Int32Array {
    return new Int32Array(this.#copy(count * 4));
  }

  #copy(byteLength: number): ArrayBuffer {
    const end = this.#at + byteLength;
    if (end > this.#bytes.length) throw new SnapshotError('it ends before its last array');
    const copied = new Uint8Array(byteLength);
    copied.set(this.#bytes.subarray(this.#at, end));
    this.#at = aligned(end);
    return copied.buffer;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
