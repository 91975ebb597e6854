import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload } from '../src/dead-letters/decode-payload.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('decodePayload', () => {
  it('shows JSON indented, text unchanged, and anything else as bytes', () => {
    expect(decodePayload(bytes('{"a":1}'))).toMatchObject({ kind: 'json', text: '{\n  "a": 1\n}' });
    expect(decodePayload(bytes('{cpu: 3'))).toMatchObject({ kind: 'text', text: '{cpu: 3' });
    expect(decodePayload(new Uint8Array([0xff, 0x41]))).toMatchObject({
      kind: 'bytes',
      text: expect.stringMatching(/^000000 {2}ff 41 .*\.A$/) as string,
    });
  });

  it('shows long numbers exactly', () => {
    const text = '{"id":2882429806056571124}';
    expect(decodePayload(bytes(text))).toMatchObject({ kind: 'json', text });
  });

  it('does not indent deeply nested JSON, because that would be many times its size', () => {
    const text = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    expect(decodePayload(bytes(text)).text).toBe(text);
  });

  it('shows the rejected elements of a record, as far as there is space', () => {
    const record = bytes(`[1,{"a":10.0},3,${'{"b":2},'.repeat(1_000)}4]`);
    const elements = {
      refused: 1_001,
      ranges: [
        [1, 1],
        [3, 1_002],
      ] as const,
      reasons: { x: 1_001 },
    };
    const { text, elementsShown } = decodePayload(record, { elements });
    expect(text.split('\n')).toEqual(['{"a":10.0}', ...Array<string>(19).fill('{"b":2}')]);
    expect(elementsShown).toBe(20);
  });

  it('shows something for any bytes, within limits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (payload) => {
        const { text, sizeBytes } = decodePayload(payload);
        expect(sizeBytes).toBe(payload.length);
        expect(text.length).toBeLessThan(20_000);
      }),
    );
  });
});
