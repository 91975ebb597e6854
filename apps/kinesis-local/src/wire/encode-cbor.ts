/** A time, written as tag 1 with whole ms. */
export class CborTime {
  readonly timeMs: number;

  /** @param timeMs integer ms since the Unix epoch, may be negative */
  constructor(timeMs: number) {
    this.timeMs = timeMs;
  }
}

const timeTag = 1;
const float64 = 0xfb;
const simple = new Map<unknown, number>([
  [false, 0xf4],
  [true, 0xf5],
  [null, 0xf6],
]);

/**
 * Encodes a reply as CBOR. Whole numbers are written as integers, however large, because the SDKs
 * for Java parse the digits of times and counts, and some of their releases cannot read a fraction
 * there. Undefined members are omitted, as in JSON.
 *
 * @throws {TypeError} for a value that replies do not have, such as a function
 */
export function encodeCbor(value: unknown): Buffer {
  const writer = new CborWriter();
  writer.writeValue(value);
  return writer.bytes;
}

class CborWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  writeValue(value: unknown): void {
    if (typeof value === 'number') this.#writeNumber(value);
    else if (typeof value === 'string') this.#writeText(value);
    else if (value instanceof Uint8Array) this.#writeBytes(value);
    else if (value instanceof CborTime) this.#writeTime(value);
    else if (Array.isArray(value)) this.#writeArray(value);
    else if (typeof value === 'object' && value !== null) this.#writeMap(value);
    else this.#writeSimple(value);
  }

  #writeTime({ timeMs }: CborTime): void {
    this.#writeHead(6, timeTag);
    this.#writeNumber(timeMs);
  }

  #writeNumber(value: number): void {
    if (Number.isSafeInteger(value)) {
      if (value >= 0) this.#writeHead(0, value);
      else this.#writeHead(1, -1 - value);
      return;
    }
    this.#reserve(9);
    this.#buffer.writeUInt8(float64, this.#length);
    this.#buffer.writeDoubleBE(value, this.#length + 1);
    this.#length += 9;
  }

  #writeText(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#writeHead(3, bytes);
    this.#reserve(bytes);
    this.#length += this.#buffer.write(text, this.#length);
  }

  #writeBytes(bytes: Uint8Array): void {
    this.#writeHead(2, bytes.length);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #writeArray(items: readonly unknown[]): void {
    this.#writeHead(4, items.length);
    for (const item of items) this.writeValue(item);
  }

  #writeMap(map: object): void {
    const members = Object.entries(map).filter(([, member]) => member !== undefined);
    this.#writeHead(5, members.length);
    for (const [name, member] of members) {
      this.#writeText(name);
      this.writeValue(member);
    }
  }

  #writeSimple(value: unknown): void {
    const byte = simple.get(value);
    if (byte === undefined) throw new TypeError(`a ${typeof value} cannot be written as CBOR`);
    this.#reserve(1);
    this.#buffer.writeUInt8(byte, this.#length);
    this.#length += 1;
  }

  /** Type and number in the fewest bytes. */
  #writeHead(major: number, argument: number): void {
    this.#reserve(9);
    const type = major << 5;
    const at = this.#length;
    if (argument < 24) {
      this.#length = this.#buffer.writeUInt8(type | argument, at);
    } else if (argument < 2 ** 8) {
      this.#buffer.writeUInt8(type | 24, at);
      this.#length = this.#buffer.writeUInt8(argument, at + 1);
    } else if (argument < 2 ** 16) {
      this.#buffer.writeUInt8(type | 25, at);
      this.#length = this.#buffer.writeUInt16BE(argument, at + 1);
    } else if (argument < 2 ** 32) {
      this.#buffer.writeUInt8(type | 26, at);
      this.#length = this.#buffer.writeUInt32BE(argument, at + 1);
    } else {
      this.#buffer.writeUInt8(type | 27, at);
      this.#length = this.#buffer.writeBigUInt64BE(BigInt(argument), at + 1);
    }
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.bytes);
    this.#buffer = larger;
  }
}
