import { createHash } from 'node:crypto';

/** A record to be packed with others. */
export interface AggregatedRecord {
  readonly partitionKey: string;
  readonly explicitHashKey?: string | undefined;
  readonly data: Uint8Array;
}

const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);

/** Packs records into one, like the Kinesis Producer Library: each key once in its table. */
export function encodeAggregate(records: readonly AggregatedRecord[]): Buffer {
  const partitionKeys = new Table();
  const explicitHashKeys = new Table();
  const encoded = records.map(({ partitionKey, explicitHashKey, data }) =>
    Buffer.concat([
      numberField(1, partitionKeys.indexOf(partitionKey)),
      ...(explicitHashKey === undefined
        ? []
        : [numberField(2, explicitHashKeys.indexOf(explicitHashKey))]),
      bytesField(3, data),
    ]),
  );
  return sealAggregate(
    Buffer.concat([
      ...partitionKeys.texts.map((text) => bytesField(1, Buffer.from(text))),
      ...explicitHashKeys.texts.map((text) => bytesField(2, Buffer.from(text))),
      ...encoded.map((record) => bytesField(3, record)),
    ]),
  );
}

/** Adds the magic number before a message and its digest after it, whatever the message is. */
export function sealAggregate(message: Uint8Array): Buffer {
  return Buffer.concat([magic, message, createHash('md5').update(message).digest()]);
}

/** A protobuf number field. */
export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** A protobuf field of bytes, a text, or a message. */
export function bytesField(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Buffer.from([...bytes, left]);
}

class Table {
  readonly texts: string[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
