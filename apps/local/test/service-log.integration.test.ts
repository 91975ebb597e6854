import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceLog } from '../src/service-log.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-log-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

describe('the log of a service', () => {
  // Goal: a log that cannot be written stops nothing. Method: a file that cannot be created at
  // first.
  it('continues when its file can be written again, and reports the number of missing lines', async () => {
    const path = join(directory, 'logs', 'aggregator.log');
    const log = new ServiceLog(path);
    const output = new PassThrough();
    log.take(output);
    for (const line of ['one', 'two', 'three']) {
      output.write(`${line}\n`);
      await expect.poll(() => log.lastLines.at(-1)).toBe(line);
    }
    // Until the file has been tried, because each system call follows the previous one.
    for (let calls = 0; calls < 50; calls += 1) expect(await textOf(path)).toBe('');
    await mkdir(join(directory, 'logs'));
    await expect
      .poll(async () => {
        output.write('later\n');
        return textOf(path);
      })
      .toMatch(/^\n… [1-9]\d* lines are missing here\. Is the disk full\?\nlater\n/);
    await log.close();
  });

  it('can be accessed only by its owner', async () => {
    const path = join(directory, 'aggregator.log');
    const log = new ServiceLog(path);
    await log.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
