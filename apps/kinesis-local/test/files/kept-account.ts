import type { Logger } from '@highwater/model';
import { SimulatedClock } from '@highwater/testkit';
import { KinesisAccount, type AccountRead } from '@highwater/kinesis-engine';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AccountFiles } from '../../src/files/account-files.ts';

/** Small, so that a few records fill several segments. */
export const segmentBytesMax = 400;

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that records its lines. */
export function keepingLog(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, message, fields });
  };
  const log: Logger = {
    trace: () => {},
    debug: () => {},
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
  return { log, lines };
}

export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'kinesis-local-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** An account in files, as the server opens it, without the server. */
export interface KeptAccount extends AsyncDisposable {
  readonly account: KinesisAccount;
  readonly clock: SimulatedClock;
}

/** @param startMs simulated time, so that a restart is later than everything before it */
export async function openKept(
  directory: string,
  options: {
    readonly log?: Logger;
    readonly startMs?: number;
    readonly memoryBytesMax?: number;
  } = {},
): Promise<KeptAccount> {
  const { log = keepingLog().log, startMs = 0, memoryBytesMax = 2 ** 20 } = options;
  const clock = new SimulatedClock();
  await clock.advance(startMs);
  const files = await AccountFiles.open({ directory, segmentBytesMax, log });
  try {
    const account = new KinesisAccount(clock, { storage: files, memoryBytesMax });
    await account.save();
    await files.keepOnly(account.streams());
    return { account, clock, [Symbol.asyncDispose]: () => files[Symbol.asyncDispose]() };
  } catch (error) {
    await files[Symbol.asyncDispose]();
    throw error;
  }
}

/** Data, key, and sequence number of each readable record, by stream and shard, in order. */
export type Contents = ReadonlyMap<string, readonly string[]>;

/** Reads all records. */
export async function readContents(account: KinesisAccount): Promise<Contents> {
  const found = new Map<string, readonly string[]>();
  for (const { streamName, shards } of account.streams()) {
    for (const { shardId, minter } of shards) {
      const texts: string[] = [];
      const position = { type: 'TRIM_HORIZON' } as const;
      const start = { stream: streamName, shardId, position };
      let iterator: string | null = await account.getIterator(start);
      while (iterator !== null) {
        const read: AccountRead = await account.getRecords({ iterator, limit: 10 });
        for (const { data, partitionKey, index, arrivalMs } of read.records) {
          texts.push(`${partitionKey} ${data.toString('latin1')} ${minter.of(index, arrivalMs)}`);
        }
        iterator = read.behindLatestMs === 0 ? null : read.nextIterator;
      }
      found.set(`${streamName} ${shardId}`, texts);
    }
  }
  return found;
}

/** Files by their paths in a directory. */
export type FileTree = ReadonlyMap<string, Buffer>;

/** Reads all files in order of their paths. Skips a file that a server removes in the meantime. */
export async function readTree(directory: string): Promise<FileTree> {
  const tree = new Map<string, Buffer>();
  const read = async (path: string): Promise<void> => {
    for (const entry of await readdir(path, { withFileTypes: true }).catch(ifGone)) {
      const own = join(path, entry.name);
      if (entry.isDirectory()) await read(own);
      const bytes = entry.isFile() ? await readFile(own).catch(ifGone) : [];
      if (Buffer.isBuffer(bytes)) tree.set(own.slice(directory.length + 1), bytes);
    }
  };
  await read(directory);
  return new Map([...tree].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function ifGone(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return [];
}

/** Makes a directory contain these files and nothing else. */
export async function writeTree(directory: string, tree: FileTree): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const [name, bytes] of tree) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
