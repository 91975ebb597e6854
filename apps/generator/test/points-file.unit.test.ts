import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PointsFileError } from '../src/errors.ts';
import { openPointsFile } from '../src/points-file.ts';

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

describe('openPointsFile', () => {
  const { signal } = new AbortController();

  it('reads a file as often as it is opened', async () => {
    await using file = await openPointsFile(import.meta.filename, new PassThrough(), signal);
    const text = await readAll(file.open());
    expect(await readAll(file.open())).toBe(text);
    const part = await file.readAt?.(7, 20);
    expect(Buffer.from(part ?? []).toString()).toBe(text.slice(7, 27));
    expect(await file.readAt?.(Buffer.byteLength(text) - 3, 20)).toHaveLength(3);
    expect(await file.readAt?.(Buffer.byteLength(text), 20)).toHaveLength(0);
  });

  it('reads standard input for a dash', async () => {
    const stdin = new PassThrough();
    await using file = await openPointsFile('-', stdin, signal);
    stdin.end('a line\n');
    expect(file.readAt).toBeUndefined();
    expect(await readAll(file.open())).toBe('a line\n');
  });

  it('names the file that cannot be read', async () => {
    const opening = openPointsFile('/no/such/file', new PassThrough(), signal);
    await expect(opening).rejects.toThrow(PointsFileError);
    await expect(opening).rejects.toThrow('/no/such/file');
  });

  it('stops waiting for input when the signal aborts', async () => {
    const stop = new AbortController();
    await using file = await openPointsFile('-', new PassThrough(), stop.signal);
    const reading = readAll(file.open());
    stop.abort();
    await expect(reading).rejects.toThrow(PointsFileError);
  });
});
