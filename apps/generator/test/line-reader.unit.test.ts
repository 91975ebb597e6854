import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../src/line-reader.ts';
import { readLines } from '../src/read-lines.ts';

const blockBytes = 16 * 1024;

function readerOf(text: string, options: { lineBytesMax: number; blocksMax?: number }) {
  const bytes = Buffer.from(text);
  let readsCount = 0;
  const reader = new LineReader(async (offset, bytesCount) => {
    readsCount++;
    return bytes.subarray(offset, offset + bytesCount);
  }, options);
  return { reader, readsCount: () => readsCount };
}

async function linesAlong(reader: LineReader) {
  const lines: { offset: number; text: string | undefined }[] = [];
  for (let offset = 0; ;) {
    const line = await reader.lineAt(offset);
    if (!line) return lines;
    lines.push({ offset, text: line.bytes && Buffer.from(line.bytes).toString() });
    offset = line.nextOffset;
  }
}

async function linesInOneGo(text: string, lineBytesMax: number) {
  const lines: { offset: number; text: string | undefined }[] = [];
  const chunks = async function* () {
    yield Buffer.from(text);
  };
  for await (const some of readLines(chunks(), lineBytesMax)) {
    for (const { offset, bytes } of some) {
      lines.push({ offset, text: bytes && Buffer.from(bytes).toString() });
    }
  }
  return lines;
}

describe('LineReader', () => {
  it('finds the same lines and positions as reading the whole file', async () => {
    const lengths = fc.oneof(
      fc.nat(40),
      fc.integer({ min: blockBytes - 3, max: blockBytes + 3 }),
      fc.integer({ min: 2 * blockBytes, max: 3 * blockBytes }),
    );
    const text = fc
      .tuple(fc.array(lengths, { maxLength: 8 }), fc.boolean())
      .map(([each, isEnded]) => each.map((n) => 'x'.repeat(n)).join('\n') + (isEnded ? '\n' : ''));
    const property = fc.asyncProperty(text, async (given) => {
      const lineBytesMax = 2 * blockBytes;
      const { reader } = readerOf(given, { lineBytesMax });
      expect(await linesAlong(reader)).toEqual(await linesInOneGo(given, lineBytesMax));
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('caches no more blocks than allowed, and never rereads a cached block', async () => {
    const text = `${'x'.repeat(99)}\n`.repeat(5_000);
    const { reader, readsCount } = readerOf(text, { lineBytesMax: 1_000, blocksMax: 4 });
    await linesAlong(reader);
    expect(reader.blocksCount).toBe(4);
    expect(readsCount()).toBe(Math.ceil(text.length / blockBytes));
  });
});
