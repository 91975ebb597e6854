import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../src/crc32c.ts';

describe('CRC-32C', () => {
  it.each([
    { name: 'of no bytes', bytes: [], crc: 0 },
    {
      name: 'of 123456789',
      bytes: Array.from({ length: 9 }, (_, at) => 0x31 + at),
      crc: 0xe3069283,
    },
    { name: 'of 32 zeros', bytes: Array.from({ length: 32 }, () => 0), crc: 0x8a9136aa },
    { name: 'of 32 ones', bytes: Array.from({ length: 32 }, () => 0xff), crc: 0x62a8ab43 },
    { name: 'of 0 to 31', bytes: Array.from({ length: 32 }, (_, at) => at), crc: 0x46dd794e },
    { name: 'of 31 to 0', bytes: Array.from({ length: 32 }, (_, at) => 31 - at), crc: 0x113fdb5c },
  ])('of $name equals the value in RFC 3720', ({ bytes, crc }) => {
    expect(crc32c(Uint8Array.from(bytes))).toBe(crc);
  });

  it('follows the definition, bit by bit, wherever the bytes are in memory', () => {
    const plain = (bytes: Uint8Array): number => {
      let crc = -1;
      for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      return ~crc >>> 0;
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, from) => {
        expect(crc32c(bytes.subarray(from))).toBe(plain(bytes.subarray(from)));
      }),
    );
  });
});
