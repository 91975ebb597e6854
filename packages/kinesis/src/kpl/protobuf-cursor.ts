/** The type of a field, by its number in the encoding. */
export const wireType = { varint: 0, bytes8: 1, bytes: 2, bytes4: 5 } as const;

const varintBytesMax = 10;

/**
 * Walks over the fields of one protobuf message without creating objects.
 *
 * Reads nothing beyond its span. A message that is truncated or contains something unsupported
 * (groups, field number 0) ends the walk and is `isMalformed`.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufCursor {
  readonly #bytes: Uint8Array;
  #at: number;
  #end: number;
  /** The field that `next` has reached. */
  number = 0;
  wireType = 0;
  /** The value of a varint. Inexact beyond 2^53, but still larger than any index. */
  value = 0;
  /** The position of the bytes of any other field. */
  start = 0;
  end = 0;
  isMalformed = false;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Starts on another span of the same bytes. */
  reset(start: number, end: number): this {
    this.#at = start;
    this.#end = end;
    this.isMalformed = false;
    return this;
  }

  /** @returns whether there is another field */
  next(): boolean {
    if (this.#at >= this.#end || this.isMalformed) return false;
    const tag = this.#varint();
    this.number = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.number === 0) this.isMalformed = true;
    if (this.isMalformed) return false;
    switch (this.wireType) {
      case wireType.varint:
        this.value = this.#varint();
        break;
      case wireType.bytes8:
        this.#skip(8);
        break;
      case wireType.bytes:
        this.#skip(this.#varint());
        break;
      case wireType.bytes4:
        this.#skip(4);
        break;
      default:
        this.isMalformed = true;
    }
    return !this.isMalformed;
  }

  #skip(length: number): void {
    this.start = this.#at;
    this.end = this.#at + length;
    if (this.end > this.#end) this.isMalformed = true;
    else this.#at = this.end;
  }

  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < varintBytesMax && this.#at < this.#end; count++) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    this.isMalformed = true;
    return value;
  }
}
