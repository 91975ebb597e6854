import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../src/read-lines.ts';

async function* chunksOf(text: string, cuts: readonly number[]) {
  const bytes = Buffer.from(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  let start = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function linesOf(text: string, cuts: readonly number[], lineBytesMax: number) {
  const lines: { number: number; text: string | undefined }[] = [];
  for await (const some of readLines(chunksOf(text, cuts), lineBytesMax)) {
    for (const { number, bytes } of some) {
      lines.push({ number, text: bytes && Buffer.from(bytes).toString() });
    }
  }
  return lines;
}

describe('readLines', () => {
  it('returns the same lines however the input is divided', async () => {
    const anyText = fc
      .array(fc.constantFrom('a', 'é', '\n', '\r\n', '{}'), { maxLength: 60 })
      .map((parts) => parts.join(''));
    const property = fc.asyncProperty(anyText, fc.array(fc.nat()), async (text, cuts) => {
      const expected = text.split('\n').map((line, i) => ({ number: i + 1, text: line }));
      if (expected.at(-1)?.text === '') expected.pop();
      expect(await linesOf(text, cuts, 1_000)).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('reports a line that is too long and continues with the next', async () => {
    expect(await linesOf(`short\n${'x'.repeat(100)}\nlast`, [3, 20, 50], 10)).toEqual([
      { number: 1, text: 'short' },
      { number: 2, text: undefined },
      { number: 3, text: 'last' },
    ]);
  });
});
