/** Deeper values are rejected. Those of the API have at most five levels. */
const depthMax = 64;
const indefinite = 31;
const breakByte = 0xff;

/**
 * Decodes one CBOR value. Lengths may be definite or indefinite, and 64-bit integers become
 * numbers.
 *
 * Skips tags. The meaning of a value follows from its member, and the API gives tag 1 (a time) a
 * unit that other decoders do not expect: ms, not seconds.
 *
 * @returns numbers, texts, booleans, null, undefined, byte strings as views of `body`, arrays, and
 * plain objects for maps
 * @throws {RangeError} when the bytes are not one complete CBOR value, or nested too deeply
 */
export function decodeCbor(body: Buffer): unknown {
  const reader = new CborReader(body);
  const value = reader.readValue(0);
  if (!reader.isAtEnd) throw new RangeError('the body has more bytes after its value');
  return value;
}

class CborReader {
  readonly #body: Buffer;
  #position = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#body.length;
  }

  readValue(depth: number): unknown {
    if (depth > depthMax) throw new RangeError(`the body is nested deeper than ${depthMax}`);
    const head = this.#body.readUInt8(this.#position++);
    const [major, info] = [head >> 5, head & 0x1f];
    switch (major) {
      case 0:
        return this.#readArgument(info);
      case 1:
        return -1 - this.#readArgument(info);
      case 2:
        return this.#readBytes(major, info);
      case 3:
        return this.#readBytes(major, info).toString();
      case 4:
        return this.#readArray(info, depth + 1);
      case 5:
        return this.#readMap(info, depth + 1);
      case 6:
        this.#readArgument(info);
        return this.readValue(depth + 1);
      default:
        return this.#readSimple(info);
    }
  }

  #readArray(info: number, depth: number): unknown[] {
    const items: unknown[] = [];
    const count = this.#readCount(info);
    while (items.length < count && !this.#isBreak(info)) items.push(this.readValue(depth));
    return items;
  }

  #readMap(info: number, depth: number): object {
    // Without a prototype, so that no key of a client has a special meaning.
    const map = Object.create(null) as Record<string, unknown>;
    const count = this.#readCount(info);
    for (let i = 0; i < count && !this.#isBreak(info); i += 1) {
      const key = this.readValue(depth);
      if (typeof key !== 'string') throw new RangeError('a key of a map is not a string');
      map[key] = this.readValue(depth);
    }
    return map;
  }

  #readCount(info: number): number {
    return info === indefinite ? Infinity : this.#readArgument(info);
  }

  /**
   * A byte string or a text. One of indefinite length consists of definite chunks of its own type.
   */
  #readBytes(major: number, info: number): Buffer {
    if (info !== indefinite) return this.#take(this.#readArgument(info));
    const chunks: Buffer[] = [];
    while (!this.#isBreak(info)) {
      const head = this.#body.readUInt8(this.#position++);
      const chunkInfo = head & 0x1f;
      if (head >> 5 !== major || chunkInfo === indefinite) throw notWellFormed(head);
      chunks.push(this.#take(this.#readArgument(chunkInfo)));
    }
    return Buffer.concat(chunks);
  }

  #readSimple(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      case 26:
        return this.#take(4).readFloatBE();
      case 27:
        return this.#take(8).readDoubleBE();
      default:
        throw notWellFormed((7 << 5) | info);
    }
  }

  /** The number in a head: a value, a length, a count, or a tag. */
  #readArgument(info: number): number {
    if (info < 24) return info;
    switch (info) {
      case 24:
        return this.#take(1).readUInt8();
      case 25:
        return this.#take(2).readUInt16BE();
      case 26:
        return this.#take(4).readUInt32BE();
      case 27:
        return Number(this.#take(8).readBigUInt64BE());
      default:
        throw notWellFormed(info);
    }
  }

  /** Reads the end marker of an item of indefinite length, if it is there. */
  #isBreak(info: number): boolean {
    if (info !== indefinite || this.#body[this.#position] !== breakByte) return false;
    this.#position += 1;
    return true;
  }

  #take(bytes: number): Buffer {
    const end = this.#position + bytes;
    if (end > this.#body.length) throw new RangeError('the body ends inside a value');
    const taken = this.#body.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}

function notWellFormed(head: number): RangeError {
  return new RangeError(`the byte 0x${head.toString(16)} is not the start of a supported value`);
}
