import { damage, SeededRandom } from '@highwater/testkit';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFileError } from '../../../src/store/errors.ts';
import { Store } from '../../../src/store/store.ts';

// Opens damaged files one after another, and prints the result of each as a line of JSON. DuckDB
// may end the process on one of them. The parent then continues with the next one.

export type FilePart = 'file' | 'wal' | 'commits';

/** The result of opening a file and reading all of it. */
export interface Opened {
  readonly what: string;
  /** `bare`: an error that does not name the file; `silent`: other rows than were stored. */
  readonly outcome: 'begun' | 'same' | 'refused' | 'bare' | 'silent' | 'crashed';
  readonly message?: string;
  /** Number of rows read, and expected. */
  readonly rows?: readonly [found: number, written: number];
}

const tables = ['meta', 'databases', 'tables', 'columns', 'measures', 'tags'].map(
  (name) => `hw_${name}`,
);
const rowTables = [1, 2].flatMap((id) => [`series_${id}`, `rows_${id}`]);

const [directory = '', part = '', seed = '', from = '0', to = '0'] = process.argv.slice(2);
const path = join(directory, 'damaged.duckdb');
const whole = {
  '': await readFile(join(directory, 'made.duckdb.kept')),
  '.wal': await readFile(join(directory, 'made.duckdb.kept.wal')),
  '.commits': await readFile(join(directory, 'made.duckdb.kept.commits')),
};
const damagedPart = ({ file: '', wal: '.wal', commits: '.commits' } as const)[part as FilePart];

const truth = await readAll({});
for (let at = Number(from); at < Number(to); at += 1) {
  const { what, bytes } = damage(whole[damagedPart], at, new SeededRandom(`${seed}/${at}`));
  say({ what, outcome: 'begun' });
  say({ what, ...(await outcomeOf({ [damagedPart]: bytes })) });
}

function say(opened: Opened): void {
  process.stdout.write(`${JSON.stringify(opened)}\n`);
}

type Damaged = Readonly<Partial<Record<keyof typeof whole, Buffer | undefined>>>;

async function outcomeOf(damaged: Damaged): Promise<Omit<Opened, 'what'>> {
  try {
    const found = await readAll(damaged);
    if (found.hash === truth.hash) return { outcome: 'same' };
    return { outcome: 'silent', rows: [found.rows, truth.rows] };
  } catch (error) {
    const message = String(error);
    const isNamed = error instanceof DataFileError && message.includes(path);
    return { outcome: isNamed ? 'refused' : 'bare', message };
  }
}

/** Every row of every table, as the writer of a store reads them. */
async function readAll(damaged: Damaged): Promise<{ rows: number; hash: string }> {
  for (const suffix of ['', '.wal', '.commits', '.wal.checkpoint', '.wal.recovery', '.tmp']) {
    await rm(`${path}${suffix}`, { force: true, recursive: true });
  }
  for (const [suffix, bytes] of Object.entries({ ...whole, ...damaged })) {
    if (bytes) await writeFile(`${path}${suffix}`, bytes);
  }
  await using store = await Store.open({ path, memoryBytesMax: 2 ** 28, isStrict: false });
  return store.exclusively(async ({ connection }) => {
    const hash = createHash('sha256');
    let rows = 0;
    for (const table of [...tables, ...rowTables]) {
      const result = await connection.run(`SELECT * FROM ${table} ORDER BY ALL`);
      for (const row of await result.getRows()) {
        rows += 1;
        hash.update(row.map(String).join('\u0001'));
      }
    }
    return { rows, hash: hash.digest('hex') };
  });
}
