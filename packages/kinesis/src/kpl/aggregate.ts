import { createHash } from 'node:crypto';
import { ProtobufCursor, wireType } from './protobuf-cursor.ts';

/** One record of an aggregate. */
export interface SubRecord {
  readonly partitionKey: string;
  /** Decimal; overrides the hash of the partition key. */
  readonly explicitHashKey: string | undefined;
  /** A view of the aggregate's bytes. */
  readonly data: Uint8Array;
}

const magic = [0xf3, 0x89, 0x9a, 0xc2] as const;
const digestBytes = 16;
const messageField = { partitionKey: 1, explicitHashKey: 2, record: 3 } as const;
const recordField = { partitionKeyIndex: 1, explicitHashKeyIndex: 2, data: 3 } as const;

/** Whether the bytes start like an aggregate. Does not check the rest. */
export function hasAggregateMagic(data: Uint8Array): boolean {
  return (
    data[0] === magic[0] && data[1] === magic[1] && data[2] === magic[2] && data[3] === magic[3]
  );
}

/**
 * Several records in one, as packed by the Kinesis Producer Library: a magic number, a protobuf
 * message (partition keys 1, explicit hash keys 2, records 3 of key index 1, hash key index 2 and
 * data 3), and the MD5 of the message.
 *
 * Whatever the bytes contain, memory is limited to the bytes themselves and a few more for each
 * entry of their tables.
 *
 * @see https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
export class Aggregate {
  readonly #message: Buffer;
  readonly #partitionKeys: KeyTable;
  readonly #explicitHashKeys: KeyTable;
  #recordsCount = 0;

  private constructor(message: Buffer) {
    this.#message = message;
    this.#partitionKeys = new KeyTable(message);
    this.#explicitHashKeys = new KeyTable(message);
  }

  /** @returns undefined when the bytes are not an aggregate but a plain record */
  static open(data: Uint8Array): Aggregate | undefined {
    if (!hasAggregateMagic(data) || data.length < magic.length + digestBytes) return undefined;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
    const message = bytes.subarray(magic.length, -digestBytes);
    const digest = createHash('md5').update(message).digest();
    if (!digest.equals(bytes.subarray(-digestBytes))) return undefined;
    const aggregate = new Aggregate(message);
    return aggregate.#readTables() && aggregate.#checkRecords() ? aggregate : undefined;
  }

  get recordsCount(): number {
    return this.#recordsCount;
  }

  /** The records in order, each created on demand. */
  *records(): Generator<SubRecord, void, undefined> {
    const message = this.#message;
    const fields = new ProtobufCursor(message);
    const reader = new RecordReader(message);
    while (nextRecord(fields)) {
      reader.read(fields.start, fields.end);
      const { keyIndex, hashKeyIndex, dataStart, dataEnd } = reader;
      yield {
        partitionKey: this.#partitionKeys.get(keyIndex),
        explicitHashKey: hashKeyIndex < 0 ? undefined : this.#explicitHashKeys.get(hashKeyIndex),
        data: message.subarray(dataStart, dataEnd),
      };
    }
  }

  #readTables(): boolean {
    const fields = new ProtobufCursor(this.#message);
    while (fields.next()) {
      if (fields.wireType !== wireType.bytes) continue;
      if (fields.number === messageField.partitionKey) this.#partitionKeys.add(fields);
      else if (fields.number === messageField.explicitHashKey) this.#explicitHashKeys.add(fields);
    }
    return !fields.isMalformed;
  }

  /** Runs after the tables are read, because they may follow the records that refer to them. */
  #checkRecords(): boolean {
    const fields = new ProtobufCursor(this.#message);
    const reader = new RecordReader(this.#message);
    while (nextRecord(fields)) {
      if (!reader.read(fields.start, fields.end)) return false;
      if (reader.keyIndex >= this.#partitionKeys.size) return false;
      if (reader.hashKeyIndex >= this.#explicitHashKeys.size) return false;
      this.#recordsCount += 1;
    }
    return true;
  }
}

function nextRecord(fields: ProtobufCursor): boolean {
  while (fields.next()) {
    if (fields.number === messageField.record && fields.wireType === wireType.bytes) return true;
  }
  return false;
}

/** Reads one record after another into the same members. */
class RecordReader {
  readonly #fields: ProtobufCursor;
  keyIndex = -1;
  /** −1 when the record has none, which differs from the first index. */
  hashKeyIndex = -1;
  dataStart = -1;
  dataEnd = -1;

  constructor(message: Uint8Array) {
    this.#fields = new ProtobufCursor(message);
  }

  /** @returns whether it has all required fields; if a field occurs twice, the last one counts */
  read(start: number, end: number): boolean {
    const fields = this.#fields.reset(start, end);
    this.keyIndex = -1;
    this.hashKeyIndex = -1;
    this.dataStart = -1;
    while (fields.next()) {
      const { number } = fields;
      if (fields.wireType === wireType.varint) {
        if (number === recordField.partitionKeyIndex) this.keyIndex = fields.value;
        else if (number === recordField.explicitHashKeyIndex) this.hashKeyIndex = fields.value;
      } else if (number === recordField.data && fields.wireType === wireType.bytes) {
        this.dataStart = fields.start;
        this.dataEnd = fields.end;
      }
    }
    return !fields.isMalformed && this.keyIndex >= 0 && this.dataStart >= 0;
  }
}

/** A table of strings, each decoded on first use. */
class KeyTable {
  readonly #message: Buffer;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #texts = new Map<number, string>();

  constructor(message: Buffer) {
    this.#message = message;
  }

  get size(): number {
    return this.#starts.length;
  }

  add({ start, end }: { readonly start: number; readonly end: number }): void {
    this.#starts.push(start);
    this.#ends.push(end);
  }

  get(index: number): string {
    let text = this.#texts.get(index);
    if (text === undefined) {
      text = this.#message.toString('utf8', this.#starts[index], this.#ends[index]);
      this.#texts.set(index, text);
    }
    return text;
  }
}
