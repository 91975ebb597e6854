/**
 * CBOR by hand, for laws about bytes: a library would write and read the same mistake. Requests have
 * the form in which the SDKs for Java send them: maps without a length, times as tag 1 with 64 bits.
 */
export function cborMap(members: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(members).flatMap(([name, value]) => [cborText(name), value]);
  return Buffer.concat([Buffer.from([0xbf]), ...entries, Buffer.from([0xff])]);
}

/** A text of at most 65,535 bytes. */
export function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** At most 23 bytes. */
export function cborBlob(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x40 | bytes.length]), bytes]);
}

/** @param timeMs integer ms since the Unix epoch */
export function cborTime(timeMs: number): Buffer {
  const time = Buffer.from('c11b0000000000000000', 'hex');
  time.writeBigUInt64BE(BigInt(timeMs), 2);
  return time;
}

/** The bytes after a member's name in a reply, at its first occurrence. */
export function memberIn(reply: Buffer, name: string): Buffer {
  const head = name.length < 24 ? [0x60 | name.length] : [0x78, name.length];
  const encoded = Buffer.concat([Buffer.from(head), Buffer.from(name)]);
  const at = reply.indexOf(encoded);
  if (at < 0) throw new Error(`no ${name} in ${reply.toString('hex')}`);
  return reply.subarray(at + encoded.length);
}

/** A text member. */
export function textIn(reply: Buffer, name: string): string {
  const value = memberIn(reply, name);
  const head = value.readUInt8();
  if (head === 0x78) return value.subarray(2, 2 + value.readUInt8(1)).toString();
  if (head === 0x79) return value.subarray(3, 3 + value.readUInt16BE(1)).toString();
  if (head >> 5 !== 3 || head > 0x77) throw new Error(`${name} is no text`);
  return value.subarray(1, 1 + (head & 0x1f)).toString();
}

/** A time of today: ms, when it is tag 1 with an integer of 64 bits. */
export function timeIn(reply: Buffer, name: string): number {
  const value = memberIn(reply, name);
  const head = value.subarray(0, 2).toString('hex');
  if (head !== 'c11b') throw new Error(`${name} starts with ${head}`);
  return Number(value.readBigUInt64BE(2));
}
