import { SeededRandom } from '@highwater/testkit';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { damages, type Damage } from './damages.ts';
import {
  keepingLog,
  openKept,
  readContents,
  readTree,
  temporaryDirectory,
  writeTree,
  type Contents,
  type FileTree,
  type LogLine,
} from './kept-account.ts';

const damagesCount = Number(process.env['HW_SIM_SCHEDULES'] ?? 60);
const seed = process.env['HW_SIM_SEED'] ?? 'damage';

/** The data directory of a stopped server, and the records in it. */
interface Undamaged {
  readonly tree: FileTree;
  readonly contents: Contents;
}

const restartMs = 100_000;

/**
 * Two streams with full segments, one of them trimmed, one shard without records, and remains of
 * crashes.
 */
async function makeUndamaged(directory: string): Promise<Undamaged> {
  {
    await using kept = await openKept(directory);
    const { account, clock } = kept;
    const settings = { tags: new Map([['team', 'red']]) };
    await account.createStream({ streamName: 'points', shardsCount: 3, settings });
    await account.createStream({ streamName: 'other' });
    for (let i = 0; i < 14; i += 1) {
      await clock.advance(1000);
      // The first shard gets many records, the second a few, and the third none.
      const explicitHashKey = i % 6 === 5 ? '2'.padEnd(39, '0').slice(0, 39) : '1';
      const data = Buffer.from(`record ${i}`.padEnd(20 + (i % 5) * 15, '.'));
      const record = { partitionKey: `key ${i}`, explicitHashKey, data };
      await account.putRecords('points', [record, record]);
      if (i < 3) await account.putRecords('other', [record]);
    }
  }
  {
    await using kept = await openKept(directory, { startMs: restartMs });
    kept.account.stream('points').shards[0]?.log.forgetOldest();
  }
  const [shard = ''] = [...(await readTree(directory)).keys()].filter((path) =>
    path.endsWith('.summary'),
  );
  const left = {
    'state.json.new': '{"sha256":"0',
    'kinesis-local.json.new': '{',
    lock: '4194305 99\n',
    'lock.00000000-0000-4000-8000-000000000000': '4194305 99\n',
    'lock.taking': '4194305 99\n',
    [shard.replace(/\d{15}\.summary$/, '000000000000001.log.torn')]: 'unfinished',
  };
  for (const [name, text] of Object.entries(left)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  const tree = await readTree(directory);
  await using reopened = await openKept(directory, { startMs: restartMs });
  return { tree, contents: await readContents(reopened.account) };
}

const kinds: Readonly<Record<string, (path: string, paths: readonly string[]) => boolean>> = {
  'last segment': (path, paths) => path.endsWith('.log') && isLast(path, paths),
  'full segment': (path, paths) => path.endsWith('.log') && !isLast(path, paths),
  summary: (path) => path.endsWith('.summary'),
  'end of a log': (path) => path.endsWith('/end'),
  state: (path) => path === 'state.json',
  marker: (path) => path === 'kinesis-local.json',
  lock: (path) => path === 'lock',
  'temporary file': (path) => /\.new$|\.torn$|^lock\./.test(path),
};

function isLast(path: string, paths: readonly string[]): boolean {
  const inShard = paths.filter((each) => dirname(each) === dirname(path) && each.endsWith('.log'));
  return inShard.at(-1) === path;
}

type Outcome = 'refused' | 'recovered';

/** Allowed results of a damage. An auxiliary file is rebuilt, and records are never guessed. */
function outcomesOf(kind: string, { name }: Damage): readonly Outcome[] {
  if (kind === 'summary') return ['recovered'];
  if (kind === 'state' || kind === 'full segment') return ['refused'];
  if (kind === 'last segment' && name !== 'all of it twice' && name !== 'garbage at its end') {
    // A repeated block may be a part of a record, at the end.
    return name === 'a block twice' ? ['refused', 'recovered'] : ['refused'];
  }
  return ['refused', 'recovered'];
}

/** One damage, and its result. */
interface Trial {
  readonly path: string;
  readonly damaged: FileTree;
  readonly error?: unknown;
  readonly contents?: Contents;
  readonly after: FileTree;
  readonly lines: readonly LogLine[];
}

/** Opens a directory, reads everything, and puts one more record. */
async function attempt(directory: string, path: string, damaged: FileTree): Promise<Trial> {
  await writeTree(directory, damaged);
  const { log, lines } = keepingLog();
  let outcome: { error: unknown } | { contents: Contents };
  try {
    await using kept = await openKept(directory, { log, startMs: restartMs });
    outcome = { contents: await readContents(kept.account) };
    await kept.account.putRecords('points', [
      { partitionKey: 'a', explicitHashKey: '1', data: Buffer.from('later') },
    ]);
  } catch (error) {
    outcome = { error };
  }
  return { path, damaged, after: await readTree(directory), lines, ...outcome };
}

/** Checks a trial against the rules, and throws on a violation. */
function judge(directory: string, undamaged: Undamaged, trial: Trial): Outcome {
  const { path, damaged, after, lines } = trial;
  if (trial.contents !== undefined) {
    expect(trial.contents).toEqual(undamaged.contents);
    for (const [name, bytes] of damaged) {
      if (!name.endsWith('.log')) continue;
      const kept = after.get(name) ?? Buffer.alloc(0);
      if (kept.length >= bytes.length) continue;
      // Bytes that were cut off are kept aside, after the existing ones, and logged.
      const before = damaged.get(`${name}.torn`) ?? Buffer.alloc(0);
      const cut = bytes.subarray(-(after.get(`${name}.torn`)?.length ?? 0) + before.length);
      expect(after.get(`${name}.torn`)).toEqual(Buffer.concat([before, cut]));
      const torn = [{ bytes: cut.length, path: join(directory, name) }];
      expect(lines.find(({ fields }) => 'torn' in fields)?.fields).toMatchObject({ torn });
    }
    return 'recovered';
  }
  const { code, exception, message } = trial.error as Error & {
    readonly code?: string;
    readonly exception?: string;
  };
  const isOurs = code === 'HW_KINESIS_LOCAL_DATA' || exception === 'InternalFailure';
  if (!isOurs) throw trial.error;
  const isOfLog = path.startsWith('logs/');
  expect(message).toContain(join(directory, isOfLog ? dirname(path) : path));
  if (path.endsWith('.log'))
    expect(message).toMatch(/damaged at byte \d+|records \d+ to \d+ are missing/);
  // No file with records is modified.
  for (const [name, bytes] of damaged) {
    if (!name.endsWith('.log') || exception !== undefined) continue;
    expect(after.get(name)).toEqual(bytes);
  }
  return 'refused';
}

async function tryDamage(
  directory: string,
  undamaged: Undamaged,
  { path, damage, random }: { path: string; damage: Damage; random: SeededRandom },
): Promise<Outcome> {
  const damaged = new Map(undamaged.tree);
  const whole = damaged.get(path) as Buffer;
  let bytes = damage.apply(whole, random);
  // Zeros over zeros are not damage.
  while (bytes?.equals(whole) === true) bytes = damage.apply(whole, random);
  if (bytes === undefined) damaged.delete(path);
  else damaged.set(path, bytes);
  const trial = await attempt(directory, path, damaged);
  const outcome = judge(directory, undamaged, trial);
  if (outcome === 'refused' || random.chance(0.9)) return outcome;
  // The recovered state is sound: another start finds the same, and the records put since.
  await using kept = await openKept(directory, { startMs: restartMs });
  const again = await readContents(kept.account);
  const texts = [...again].map(([shard, [...all]]) => [
    shard,
    all.filter((each) => !each.startsWith('a later')),
  ]);
  expect(new Map(texts as [string, string[]][])).toEqual(undamaged.contents);
  expect([...again.values()].flat().filter((each) => each.startsWith('a later'))).toHaveLength(1);
  return outcome;
}

describe('a damaged data directory', () => {
  // Goal: the check of the tests below can fail. Method: it gets a result with one record missing,
  // and an error that does not name the file.
  it('is distinguished from one that silently lost a record', async () => {
    await using base = await temporaryDirectory();
    const directory = join(base.path, 'data');
    const undamaged = await makeUndamaged(directory);
    const path = 'state.json';
    const trial = await attempt(directory, path, undamaged.tree);
    expect(judge(directory, undamaged, trial)).toBe('recovered');
    const [[shard = '', texts = []] = []] = undamaged.contents;
    const less = new Map([...undamaged.contents, [shard, texts.slice(1)]]);
    const { contents, ...rest } = trial;
    expect(contents).toEqual(undamaged.contents);
    expect(() => judge(directory, undamaged, { ...rest, contents: less })).toThrow();
    const error = Object.assign(new Error('damaged'), { code: 'HW_KINESIS_LOCAL_DATA' });
    expect(() => judge(directory, undamaged, { ...rest, error })).toThrow();
  });

  // Goal: damage to any file causes a clear error, or loses nothing. Method: damage one file of a
  // sound directory in a random way, start, and read everything; repeat.
  it.each(Object.keys(kinds))('is rejected by name, or returns every record: %s', async (kind) => {
    await using base = await temporaryDirectory();
    const directory = join(base.path, 'data');
    const undamaged = await makeUndamaged(directory);
    const paths = [...undamaged.tree.keys()];
    const own = paths.filter((path) => kinds[kind]?.(path, paths));
    for (let i = 0; i < damagesCount; i += 1) {
      const random = new SeededRandom(`${seed}/${kind}/${i}`);
      const path = random.pick(own.filter((each) => undamaged.tree.get(each)?.length !== 0));
      const damage = random.pick(damages);
      try {
        const outcome = await tryDamage(directory, undamaged, { path, damage, random });
        expect(outcomesOf(kind, damage)).toContain(outcome);
      } catch (cause) {
        throw new Error(`seed ${random.seed}: ${damage.name} of ${path}`, { cause });
      }
    }
  });
});
