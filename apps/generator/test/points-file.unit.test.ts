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
    const file = openPointsFile(import.meta.filename, new PassThrough(), signal);
    expect(file.isRereadable).toBe(true);
    expect(await readAll(file.open())).toBe(await readAll(file.open()));
  });

  it('reads standard input for a dash', async () => {
    const stdin = new PassThrough();
    const file = openPointsFile('-', stdin, signal);
    stdin.end('a line\n');
    expect(file.isRereadable).toBe(false);
    expect(await readAll(file.open())).toBe('a line\n');
  });

  it('names the file that cannot be read', async () => {
    const reading = readAll(openPointsFile('/no/such/file', new PassThrough(), signal).open());
    await expect(reading).rejects.toThrow(PointsFileError);
    await expect(reading).rejects.toThrow('/no/such/file');
  });

  it('stops waiting for input when the signal aborts', async () => {
    const stop = new AbortController();
    const reading = readAll(openPointsFile('-', new PassThrough(), stop.signal).open());
    stop.abort();
    await expect(reading).rejects.toThrow(PointsFileError);
  });
});
