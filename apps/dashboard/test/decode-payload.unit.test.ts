import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload } from '../src/dead-letters/decode-payload.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('decodePayload', () => {
  it('shows JSON in lines, text as it is, and anything else as bytes', () => {
    expect(decodePayload(bytes('{"a":1}'))).toMatchObject({ kind: 'json', text: '{\n  "a": 1\n}' });
    expect(decodePayload(bytes('{cpu: 3'))).toMatchObject({ kind: 'text', text: '{cpu: 3' });
    expect(decodePayload(new Uint8Array([0xff, 0x41]))).toMatchObject({
      kind: 'bytes',
      text: expect.stringMatching(/^000000 {2}ff 41 .*\.A$/) as string,
    });
  });

  it('shows something of anything, within bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (payload) => {
        const { text, sizeBytes } = decodePayload(payload);
        expect(sizeBytes).toBe(payload.length);
        expect(text.length).toBeLessThan(20_000);
      }),
    );
  });
});
