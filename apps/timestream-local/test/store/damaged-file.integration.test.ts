import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { statement } from '../../src/store/change.ts';
import { OutOfSpaceError } from '../../src/store/errors.ts';
import { explainOpening, explainUsing } from '../../src/store/explain-file-error.ts';
import { Store } from '../../src/store/store.ts';
import { runProgram } from '../server-process.ts';
import type { Opened } from './damage/damage-child.ts';
import { makeFiles } from './damage/make-files.ts';
import { runDamages } from './damage/run-damages.ts';

/** Each takes a tenth of a second or two. For a full campaign: `HW_DAMAGES=2000`. */
const damagesCount = Number(process.env['HW_DAMAGES'] ?? 100);
/** Ends hanging tests, like the configuration does for the usual number of damages. */
const timeout = 600_000 + damagesCount * 4_000;

const memoryBytesMax = 2 ** 28;
/** The first block of a DuckDB file, behind its three headers. */
const firstBlockBytes = 3 * 4096;

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timestream-local-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** A closed file of this server. */
async function makeFile(sql?: string): Promise<string> {
  const path = join(directory, 'points.duckdb');
  await using store = await Store.open({ path, memoryBytesMax, isStrict: false });
  if (sql !== undefined) await store.exclusively(({ commit }) => commit([statement(sql)]));
  return path;
}

/**
 * DuckDB's checksum is the exclusive or of a number for each word of eight bytes, and that of zero
 * is zero. Replacing an even number of equal words by zeros does not change it. The README says so.
 */
const isUnseen = ({ what, outcome, rows: [found, written] = [0, 1] }: Opened) =>
  outcome === 'silent' && / zeros from /.test(what) && found === written;

const openStore = (path: string) => Store.open({ path, memoryBytesMax, isStrict: false });

describe('a damaged file', () => {
  it('is reported as damaged, and not as one that another process has', async () => {
    const path = await makeFile();
    await using file = await open(path, 'r+');
    const bytes = Buffer.alloc(1024, 0x5a);
    await file.write(bytes, 0, bytes.length, firstBlockBytes + 64);
    await expect(openStore(path)).rejects.toThrow(
      /its \.wal is damaged; restore both from a backup, or move both away/,
    );
  });

  it('ends the program with code 2, its path, and the fix, even when its catalog is read', async () => {
    const path = await makeFile(`INSERT INTO hw_tables VALUES (1, '{"id":')`);
    const { code, output } = await runProgram(['--port', '0', '--data', path]);
    expect(code).toBe(2);
    expect(output).toContain(`opening ${path}: it or its .wal is damaged; restore both`);
  });

  it('is reported at the start when a table in its catalog is gone', async () => {
    const path = await makeFile();
    const table = JSON.stringify({ id: 1, name: 'tab', databaseName: 'dbx' });
    {
      await using store = await openStore(path);
      await store.exclusively(({ commit }) =>
        commit([
          statement(`INSERT INTO hw_databases VALUES ('dbx', '{"name":"dbx"}')`),
          statement('INSERT INTO hw_tables VALUES (1, $1)', [table]),
        ]),
      );
    }
    await expect(openStore(path)).rejects.toThrow(
      `opening ${path}: it or its .wal is damaged; restore both from a backup, or move both away to start empty (there is no series_1.id)`,
    );
  });

  it('is not created again when it is missing next to its log', async () => {
    const { wal } = await makeFiles(directory);
    const path = join(directory, 'points.duckdb');
    await writeFile(`${path}.wal`, wal);
    await expect(openStore(path)).rejects.toThrow(
      `opening ${path}: it is missing, but its log ${path}.wal is there`,
    );
    expect(await readFile(`${path}.wal`)).toEqual(wal);
    expect(await readdir(directory)).not.toContain('points.duckdb');
  });

  // Goal: no damage returns other rows than were stored. Method: a file with a log, damaged in many
  // ways, in a separate process that reads every row: all are there, or the error names the file.
  it.each([
    { part: 'file', refusedMin: damagesCount / 2 },
    { part: 'wal', refusedMin: damagesCount / 2 },
    { part: 'commits', refusedMin: 0 },
  ] as const)(
    'returns the stored rows, or an error that names it: $part',
    { timeout },
    async ({ part, refusedMin }) => {
      await makeFiles(directory);
      const all = await runDamages({ directory, part, seed: 'duckdb', count: damagesCount });
      const wrong = all.filter(({ outcome }) => !['same', 'refused'].includes(outcome));
      expect(wrong.filter((opened) => part !== 'file' || !isUnseen(opened))).toEqual([]);
      const refused = all.filter(({ outcome }) => outcome === 'refused');
      expect(refused.length).toBeGreaterThanOrEqual(refusedMin);
    },
  );

  it('may be created again when it is removed together with its log', async () => {
    const path = await makeFile('CREATE TABLE numbers (x BIGINT)');
    await rm(path);
    await using store = await openStore(path);
    expect(store.catalog.databases()).toEqual([]);
  });
});

describe('an error of DuckDB about its file', () => {
  it.each([
    'TransactionContext Error: Failed to commit: Could not write file "/d/p.wal": No space left on device',
    'FATAL Error: … the autocheckpoint failed. … Could not write file "/d/p": No space left on device',
    'IO Error: Could not write file "/d/p.wal": Disk quota exceeded',
  ])('reports missing space, and that a retry may help: %s', (text) => {
    const explained = explainUsing('/d/p', new Error(text));
    expect(explained).toBeInstanceOf(OutOfSpaceError);
    expect(explained).toMatchObject({ retry: 'backoff', domain: 'external' });
    expect(String(explained)).toContain('storing in /d/p: no space left on the device');
  });

  it.each([
    ['IO Error: Corrupt database file: computed checksum 1 … in block at location 2', /damaged/],
    ['Serialization Error: Failed to deserialize: expected end of object', /damaged/],
    ['IO Error: Failure while replaying WAL file "/d/p.wal": Corrupt WAL file', /damaged/],
    ['IO Error: The file "/d/p" exists, but it is not a valid DuckDB database file!', /damaged/],
    ['IO Error: Cannot open file "/d/p": Permission denied', /Permission denied/],
    [
      'IO Error: Could not set lock on file "/d/p": Conflicting lock is held in /bin/x (PID 7)',
      /process 7 \(\/bin\/x\) uses it; stop that process/,
    ],
  ])('is reported with the path: %s', (text, expected) => {
    const { message } = explainOpening('/d/p', new Error(text));
    expect(message).toMatch(/^opening \/d\/p: /);
    expect(message).toMatch(expected);
    expect(/damaged/.test(message)).toBe(String(expected) === '/damaged/');
  });
});
