import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkDirectory } from '../../src/doctor/check-directory.ts';

const disk = vi.hoisted(() => ({ freeBytes: 5e9, mayWrite: true }));

// Simulated, because a full disk, or a directory that root may not write, is not available
// everywhere.
vi.mock('node:fs/promises', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  statfs: async () => ({ bavail: disk.freeBytes / 1_000, bsize: 1_000 }),
  access: async () => {
    if (!disk.mayWrite) throw new Error('EACCES: permission denied');
  },
}));

let directory = '';

beforeEach(async () => {
  Object.assign(disk, { freeBytes: 5e9, mayWrite: true });
  directory = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => rm(directory, { recursive: true }));

const check = (path: string) =>
  checkDirectory({ what: 'dead letters', directory: path, variable: 'HW_DEAD_LETTERS_DIR' });

describe('checkDirectory', () => {
  it('reports that a directory can be written, and how much space is free', async () => {
    const found = `${directory} can be written, 5.0 GB free`;
    expect(await check(directory)).toEqual({ what: 'dead letters', verdict: 'ok', found });
  });

  it('reports that a directory will be made, and makes none', async () => {
    const path = join(directory, 'a', 'b');
    const found = `${path} does not exist yet and can be created, 5.0 GB free`;
    expect(await check(path)).toMatchObject({ verdict: 'ok', found });
    expect(await readdir(directory)).toEqual([]);
  });

  it('warns when little space is free', async () => {
    disk.freeBytes = 0.9e9;
    const finding = await check(directory);
    expect(finding).toMatchObject({ verdict: 'warn', found: expect.stringContaining('0.9 GB') });
    expect(finding.fix).toContain('HW_DEAD_LETTERS_DIR');
    disk.freeBytes = 1e9;
    expect(await check(directory)).toMatchObject({ verdict: 'ok' });
  });

  it('fails if the directory, or its parent, may not be written', async () => {
    disk.mayWrite = false;
    for (const path of [directory, join(directory, 'a')]) {
      const finding = await check(path);
      expect(finding).toMatchObject({ verdict: 'fail', found: expect.stringContaining('EACCES') });
      expect(finding.fix).toContain('set HW_DEAD_LETTERS_DIR');
    }
  });

  it('fails if there is a file instead', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'letters')]) {
      expect(await check(path)).toMatchObject({ verdict: 'fail' });
    }
    expect((await check(file)).found).toContain(`${file} is not a directory`);
  });
});
