import { equalSpans, hashSpan } from './byte-spans.ts';
import { HashTable } from './hash-table.ts';

/** Pieces of JSON text that many records share, each stored once, by number. */
export class PieceTable {
  readonly #table = new HashTable();
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #bytesUsed = 0;
  /** Where each piece starts in the bytes; it ends where the next one starts. */
  #starts = new Int32Array(1_024);
  #count = 0;
  /** The bytes of the current record. */
  #data: DataView = this.#view;
  #start = 0;
  #length = 0;
  readonly #isIt = (id: number): boolean =>
    this.lengthOf(id) === this.#length && this.equals(id, this.#data, this.#start);

  get bytesUsed(): number {
    return this.#bytesUsed;
  }

  lengthOf(id: number): number {
    return (this.#starts[id + 1] as number) - (this.#starts[id] as number);
  }

  /**
   * Whether the bytes from `start` equal a piece. The caller ensures that there are enough bytes.
   */
  equals(id: number, data: DataView, start: number): boolean {
    const from = this.#starts[id] as number;
    return equalSpans(data, start, this.#view, from, (this.#starts[id + 1] as number) - from);
  }

  /** The number of a piece; −1 when it is unknown. */
  find(data: DataView, start: number, end: number): number {
    return this.#find(hashSpan(data, start, end), data, start, end);
  }

  /**
   * The number of a piece, which is added if it is unknown; −1 when too many others collide with
   * it.
   */
  intern(data: DataView, start: number, end: number): number {
    const hash = hashSpan(data, start, end);
    const known = this.#find(hash, data, start, end);
    if (known >= 0) return known;
    if (!this.#table.put(hash, this.#count)) return -1;
    while (this.#bytesUsed + end - start > this.#bytes.length) this.#growBytes();
    if (this.#count + 2 > this.#starts.length) this.#growStarts();
    this.#bytes.set(new Uint8Array(data.buffer, start, end - start), this.#bytesUsed);
    this.#bytesUsed += end - start;
    const id = this.#count++;
    this.#starts[id + 1] = this.#bytesUsed;
    return id;
  }

  /**
   * The number in this table of a piece of another table, added if it is unknown; −1 as for
   * `intern`.
   */
  internFrom(other: PieceTable, id: number): number {
    return this.intern(other.#view, other.#starts[id] as number, other.#starts[id + 1] as number);
  }

  #find(hash: number, data: DataView, start: number, end: number): number {
    this.#data = data;
    this.#start = start;
    this.#length = end - start;
    return this.#table.find(hash, this.#isIt);
  }

  #growBytes(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #growStarts(): void {
    const grown = new Int32Array(this.#starts.length * 2);
    grown.set(this.#starts);
    this.#starts = grown;
  }
}
