import { CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { spawn } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../client.ts';
import {
  keepingLog,
  openKept,
  readContents,
  readTree,
  temporaryDirectory,
  writeTree,
  type FileTree,
} from './kept-account.ts';

const streamName = 'points';
const later = { startMs: 100_000 };

/** Puts records one by one, so that they fill several segments. */
async function put(directory: string, texts: readonly string[]): Promise<void> {
  await using kept = await openKept(directory, later);
  const { account } = kept;
  if (account.streams().length === 0) await account.createStream({ streamName });
  for (const text of texts) {
    const data = Buffer.from(text.padEnd(100, '.'));
    await account.putRecords(streamName, [{ partitionKey: text, data }]);
  }
}

/** Keys of all records, in order. */
async function keysIn(directory: string): Promise<string[]> {
  await using kept = await openKept(directory, later);
  const contents = [...(await readContents(kept.account)).values()];
  return contents.flat().map((text) => text.split(' ')[0] ?? '');
}

const texts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

/** Paths of the segments, in order. */
async function segmentsIn(directory: string): Promise<string[]> {
  const paths = [...(await readTree(directory)).keys()];
  return paths.filter((path) => path.endsWith('.log')).map((path) => join(directory, path));
}

/** The files of a version without marker, checksums, and ends, for the same streams. */
function asBefore(tree: FileTree): FileTree {
  const kept = [...tree].flatMap(([path, bytes]): [string, Buffer][] => {
    if (path === 'kinesis-local.json' || path.endsWith('/end')) return [];
    const sealed = /^\{"sha256":"\w{64}","content":(.*)\}\n$/.exec(bytes.toString('latin1'))?.[1];
    return [[path, sealed === undefined ? bytes : Buffer.from(sealed, 'latin1')]];
  });
  return new Map(kept);
}

const refused = (message: string | RegExp) => {
  const code = 'HW_KINESIS_LOCAL_DATA';
  const matching = expect.stringMatching(message) as string;
  return expect.objectContaining({ code, message: matching }) as object;
};

describe('the data directory', () => {
  // Goal: a foreign directory is left unchanged. Method: several directories, some of which look
  // like Highwater's. Every file is unchanged after the server was asked to start in it.
  it.each([
    ['logs that are not ours', { 'logs/app/2026/a.txt': 'precious', 'logs/nginx/x': 'precious' }],
    ['a file', { 'notes.txt': 'precious' }],
    ['an empty logs and a file', { 'logs/.keep': '', 'notes.txt': 'precious' }],
    ['a state of somebody else', { 'state.json': '{"version":1}', 'logs/a@1/b/c.log': 'precious' }],
    ['a list as its state', { 'state.json': '[]' }],
    ['a state that is no JSON', { 'state.json': 'idle' }],
    ['a lock of somebody else', { lock: 'precious' }],
  ])('is not used if it contains %s', async (_, files: Record<string, string>) => {
    await using base = await temporaryDirectory();
    const written = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const);
    await writeTree(base.path, new Map(written));
    const tree = await readTree(base.path);
    expect(tree.size).toBe(written.length);
    await expect(openKept(base.path)).rejects.toEqual(refused(`${base.path}.*--data`));
    expect(await readTree(base.path)).toEqual(tree);
  });

  it('is used if a version without a marker wrote it, and then gets one', async () => {
    await using base = await temporaryDirectory();
    await put(base.path, texts);
    const before = asBefore(await readTree(base.path));
    await writeTree(base.path, before);
    expect(await keysIn(base.path)).toEqual(texts);
    expect(await readdir(base.path)).toContain('kinesis-local.json');
    expect(await readFile(join(base.path, 'state.json'), 'utf8')).toMatch(/^\{"sha256":"/);
    await put(base.path, ['k']);
    expect(await keysIn(base.path)).toEqual([...texts, 'k']);
    // Shards had no directory before their first record.
    const [state] = [...before].filter(([path]) => path === 'state.json');
    await writeTree(base.path, new Map(state === undefined ? [] : [state]));
    expect(await keysIn(base.path)).toEqual([]);
  });

  it('is used if a version without a marker left nothing but an empty logs directory', async () => {
    await using base = await temporaryDirectory();
    await mkdir(join(base.path, 'logs'));
    await writeFile(join(base.path, 'lock'), '4194305\n');
    expect(await keysIn(base.path)).toEqual([]);
  });

  it('is not emptied when its state is missing, whether it has the marker or not', async () => {
    await using base = await temporaryDirectory();
    await put(base.path, texts);
    for (const each of ['state.json', 'kinesis-local.json']) {
      await rm(join(base.path, each));
      const tree = await readTree(base.path);
      const both = `${join(base.path, 'logs')} .*${join(base.path, 'state.json')}`;
      await expect(openKept(base.path)).rejects.toEqual(refused(both));
      expect(await readTree(base.path)).toEqual(tree);
    }
  });

  it('may be a link, but no link in it is followed', async () => {
    await using base = await temporaryDirectory();
    const directory = join(base.path, 'link');
    const elsewhere = join(base.path, 'elsewhere');
    await mkdir(join(base.path, 'data'));
    await symlink(join(base.path, 'data'), directory);
    await put(directory, texts);
    const data = join(base.path, 'data');
    const [segment = ''] = await segmentsIn(data);
    const shard = dirname(segment);
    const own = ['kinesis-local.json', 'state.json', 'logs', 'state.json.new', 'lock'];
    const summary = segment.replace('.log', '.summary');
    const inside = [dirname(shard), shard, segment, summary, join(shard, 'end')];
    for (const path of [...own.map((name) => join(data, name)), ...inside]) {
      await writeFile(elsewhere, 'precious');
      const isThere = await rename(path, `${base.path}/aside`).then(
        () => true,
        () => false,
      );
      await symlink(isThere ? `${base.path}/aside` : elsewhere, path);
      await expect(openKept(directory)).rejects.toEqual(refused(`${path}: it is a link`));
      await rm(path);
      if (isThere) await rename(`${base.path}/aside`, path);
      expect(await readFile(elsewhere, 'utf8')).toBe('precious');
    }
    expect(await keysIn(directory)).toEqual(texts);
  });

  it('keeps foreign files, removes only its own, and logs one line for each', async () => {
    await using base = await temporaryDirectory();
    await put(base.path, texts);
    const [segment = ''] = await segmentsIn(base.path);
    const shard = dirname(segment);
    const notes = [join(shard, 'notes.txt'), join(base.path, 'logs', 'notes.txt')];
    for (const path of notes) await writeFile(path, 'precious');
    const { log, lines } = keepingLog();
    {
      await using kept = await openKept(base.path, { ...later, log });
      await kept.account.deleteStream(streamName);
    }
    const warned = lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
    expect(warned).toContainEqual({ count: 2, first: expect.arrayContaining(notes) as unknown });
    expect(warned).toContainEqual({ paths: [notes[0]] });
    expect(lines.map(({ fields }) => fields)).toContainEqual({
      path: shard,
      filesCount: expect.any(Number) as number,
      why: 'the stream or the shard was deleted',
    });
    const left = [...(await readTree(join(base.path, 'logs'))).keys()];
    expect(left.map((path) => join(base.path, 'logs', path))).toEqual(notes.toSorted());
  });

  it('loses the logs of deleted streams that a crash left, and no others', async () => {
    await using base = await temporaryDirectory();
    await put(base.path, texts);
    const left = join(base.path, 'logs', 'gone@1', 'shardId-000000000000');
    await mkdir(left, { recursive: true });
    await writeFile(join(left, '000000000000001.log'), '');
    await mkdir(join(base.path, 'logs', 'gone@1', 'mine'));
    expect(await keysIn(base.path)).toEqual(texts);
    expect(await readdir(join(base.path, 'logs', 'gone@1'))).toEqual(['mine']);
  });
});

describe('an incomplete log', () => {
  const emptyFile = /create the empty file (\S+\.lost)/;

  // Goal: following the advice of an error works, and costs no more than it says. Method: damage,
  // follow the advice, and read. New sequence numbers must be above the lost ones.
  it.each([
    ['a damaged record', 'flip', texts.slice(0, 9)],
    ['a damaged record in a full segment', 'flip full', ['a', ...texts.slice(4)]],
    ['a missing segment', 'missing', [...texts.slice(0, 4), 'i', 'j']],
    ['a segment that is cut between records', 'cut', texts.slice(0, 9)],
    ['no file at all', 'emptied', []],
    ['no directory', 'no directory', []],
  ])('is read without the records that a person gives up: %s', async (_, what, left) => {
    await using base = await temporaryDirectory();
    await put(base.path, texts);
    const segments = await segmentsIn(base.path);
    expect(segments).toHaveLength(3);
    const [first = '', second = '', last = ''] = segments;
    const shard = dirname(first);
    const frameBytes = 24 + 1 + 100;
    const flip = async (path: string, at: number) => {
      const bytes = await readFile(path);
      bytes[at] = (bytes[at] as number) ^ 1;
      await writeFile(path, bytes);
    };
    if (what === 'flip') await flip(last, frameBytes + 40);
    if (what === 'flip full') await flip(first, frameBytes + 40);
    if (what === 'flip full') await rm(first.replace('.log', '.summary'));
    if (what === 'missing') await rm(second);
    if (what === 'cut') await writeFile(last, (await readFile(last)).subarray(0, frameBytes));
    if (what === 'emptied') for (const name of await readdir(shard)) await rm(join(shard, name));
    if (what === 'no directory') await rm(shard, { recursive: true });
    const error = await openKept(base.path).catch((each: unknown) => each as Error);
    const path = emptyFile.exec((error as Error).message)?.[1] ?? '';
    expect(dirname(path)).toBe(shard);
    await mkdir(shard, { recursive: true });
    await writeFile(path, '');
    expect(await keysIn(base.path)).toEqual(left);
    await put(base.path, ['k']);
    expect(await keysIn(base.path)).toEqual([...left, 'k']);
    if (left.length === 0) return;
    await using kept = await openKept(base.path, later);
    expect(kept.account.stream(streamName).shards[0]?.log.endIndex).toBe(12);
  });

  // Goal: a bit that flips while the server runs is found when the segment is read. Method: flip
  // one in a full segment, whose summary lets the server start. The records before it are returned.
  it('answers a read of a damaged record with file and offset', async () => {
    await using base = await temporaryDirectory();
    await put(base.path, texts);
    const [first = ''] = await segmentsIn(base.path);
    const bytes = await readFile(first);
    bytes[130] = (bytes[130] as number) ^ 4;
    await writeFile(first, bytes);
    const { log, lines } = keepingLog();
    await using kept = await openKept(base.path, { ...later, log });
    for (let i = 0; i < 2; i += 1) {
      await expect(readContents(kept.account)).rejects.toMatchObject({
        exception: 'InternalFailure',
        message: expect.stringContaining(`${first}: damaged at byte 125, in record 2`) as string,
      });
    }
    expect(lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'A file of records is damaged. Restore it from a backup, and restart the server.',
        fields: { path: first, offset: 125, index: 2 },
      },
    ]);
  });

  // Goal: an append that a crash cut off is removed wherever it was cut, and nothing else is.
  // Method: the files before and after an append, with any number of its bytes: correct, zeros, or
  // garbage. After a power failure, the file with the range of the log may be older.
  it('is cut where a crash left an incomplete append, and the rest is kept aside', async () => {
    await using base = await temporaryDirectory();
    const [directory, copy] = [join(base.path, 'data'), join(base.path, 'copy')];
    await put(directory, ['a', 'b']);
    const older = await readTree(directory);
    await put(directory, ['c']);
    const before = await readTree(directory);
    await put(directory, ['d']);
    const after = await readTree(directory);
    const [name = ''] = [...before.keys()].filter((path) => path.endsWith('.log'));
    const end = name.replace(/[^/]*$/, 'end');
    const [acknowledged, written] = [before.get(name) as Buffer, after.get(name) as Buffer];
    for (let length = acknowledged.length + 1; length < written.length; length += 7) {
      for (const tail of ['as written', 'zeros', 'garbage']) {
        for (const noted of [before.get(end), older.get(end)] as Buffer[]) {
          const bytes = Buffer.from(written.subarray(0, length));
          if (tail === 'zeros') bytes.fill(0, acknowledged.length);
          if (tail === 'garbage') bytes.fill('garbage', acknowledged.length);
          await writeTree(copy, new Map([...before, [name, bytes], [end, noted]]));
          expect(await keysIn(copy)).toEqual(['a', 'b', 'c']);
          const kept = await readFile(join(copy, `${name}.torn`));
          expect(kept).toEqual(bytes.subarray(acknowledged.length));
        }
      }
    }
  });
});

const mainPath = join(import.meta.dirname, '../../src/main.ts');

/** Runs the server as a process until it is ready or ends. */
async function runMain(dataDirectory: string, umask = '022') {
  const command = `umask ${umask}; exec "$0" "$1" --port 0 --data "$2"`;
  const env = { ...process.env, HW_HTTP_PORT: '0' };
  const args = ['-c', command, process.execPath, mainPath, dataDirectory];
  const child = spawn('sh', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  for await (const line of createInterface({ input: child.stdout })) {
    output += line;
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg !== 'Serving the Kinesis API.') continue;
    return { url: `http://127.0.0.1:${port}`, child, exited, output };
  }
  return { url: undefined, child, exited, output };
}

describe('the server as a process', () => {
  it.each([
    ['a damaged segment', 'logs/S/000000000000001.log', 'cut'],
    ['a missing segment', 'logs/S/000000000000001.log', 'missing'],
    ['a damaged state', 'state.json', 'cut'],
    ['a missing state', 'state.json', 'missing'],
    ['a marker of another version', 'kinesis-local.json', 'version'],
    ['a log that is missing', 'logs/S', 'missing'],
    ['a directory of somebody else', '.', 'foreign'],
    ['a file instead of a directory', '.', 'file'],
  ])('ends with exit code 2 and names the path: %s', async (_, path, what) => {
    await using base = await temporaryDirectory();
    const directory = join(base.path, 'data');
    await put(directory, ['a', 'b']);
    const [segment = ''] = await segmentsIn(directory);
    const damaged = path.includes('S')
      ? join(directory, path.replace('logs/S', dirname(segment).slice(directory.length + 1)))
      : join(directory, path);
    if (what === 'cut') await writeFile(damaged, (await readFile(damaged)).subarray(0, 60));
    if (what === 'missing') await rm(damaged, { recursive: true });
    if (what === 'version') await writeFile(damaged, '{"version":2}\n');
    if (what === 'foreign' || what === 'file') await rm(directory, { recursive: true });
    if (what === 'foreign') await mkdir(join(directory, 'photos'), { recursive: true });
    if (what === 'file') await writeFile(directory, 'precious');
    const { exited, output, url } = await runMain(directory);
    expect(url).toBeUndefined();
    expect(await exited).toBe(2);
    const isMissing = what === 'missing' && path !== 'state.json';
    expect(output).toContain(isMissing ? dirname(segment) : damaged.replace(/\/$/, ''));
  });

  it('denies access to other users, whatever the umask', async () => {
    await using base = await temporaryDirectory();
    await chmod(base.path, 0o755);
    const directory = join(base.path, 'deep', 'data');
    for (const umask of ['000', '077']) {
      const { url = '', child, exited } = await runMain(directory, umask);
      const client = clientOf(url);
      const StreamName = `points-${umask}`;
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
      const Data = Buffer.from('secret');
      await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data }));
      client.destroy();
      const paths = (await readdir(base.path, { recursive: true })).map((path) =>
        join(base.path, path),
      );
      expect(paths.length).toBeGreaterThan(8);
      for (const path of paths) {
        const stat = await lstat(path);
        const mode = (stat.mode & 0o777).toString(8);
        expect(`${path} ${mode}`).toBe(`${path} ${stat.isDirectory() ? '700' : '600'}`);
      }
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
      // The next start removes access that somebody has granted.
      await chmod(directory, 0o755);
      await chmod(join(directory, 'logs'), 0o755);
    }
  });
});
