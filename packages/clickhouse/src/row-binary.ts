/** Writes the engine's format `RowBinary`: every value exactly, and without a text to parse. */
export class RowBinary {
  #bytes: Buffer;
  #length = 0;

  constructor(capacityBytes: number) {
    this.#bytes = Buffer.allocUnsafe(capacityBytes);
  }

  /** What was written so far. Not copied: write no more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  get lengthBytes(): number {
    return this.#length;
  }

  /** For a `Nullable` column: the value follows unless it is null. */
  isNull(isNull: boolean): void {
    this.byte(isNull ? 1 : 0);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  float64(value: number): void {
    this.#room(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  int64(value: bigint): void {
    this.#room(8);
    this.#length = this.#bytes.writeBigInt64LE(value, this.#length);
  }

  uint32(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** @param value an integer from 0 to 2^53 − 1 */
  uint64(value: number): void {
    this.uint32(value % 0x1_0000_0000);
    this.uint32(Math.floor(value / 0x1_0000_0000));
  }

  count(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  string(text: string): void {
    this.#room(5 + text.length * 3);
    const lengthBytes = Buffer.byteLength(text, 'utf8');
    this.count(lengthBytes);
    this.#length += this.#bytes.write(text, this.#length, lengthBytes, 'utf8');
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
