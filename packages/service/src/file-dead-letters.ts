import {
  isOutOfSpace,
  refusedByReason,
  type DeadLetter,
  type DeadLetters,
  type Logger,
} from '@highwater/model';
import { chmod, mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import {
  closeCurrentFile,
  currentFileName,
  deadLettersBytes,
  deadLettersMode,
} from './dead-letter-files.ts';
import { defineDeadLettersMetrics, type DeadLettersMetrics } from './dead-letters-metrics.ts';
import { encodeSlices } from './encode-letters.ts';
import { DeadLettersError } from './errors.ts';
import { systemClock } from './system-clock.ts';

/** Which service sets records aside, and where. */
export interface FileDeadLettersOptions {
  readonly directory: string;
  /** The service; its letters go to `<stage>.ndjson`. */
  readonly stage: string;
  /** Of all its files; what does not fit is counted and not kept. */
  readonly bytesMax: number;
  readonly registry: Registry;
  readonly log: Logger;
  /** Ends the wait for room on a full disk: what waits is then not written, and not done. @default none */
  readonly signal?: AbortSignal | undefined;
}

interface Slice {
  readonly bytes: Buffer;
  readonly letters: readonly DeadLetter[];
}

interface PendingPut {
  readonly letters: readonly DeadLetter[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const newline = Buffer.from('\n');

/** Much less than memory, and enough for one write. */
const sliceBytesTarget = 4 * 1024 * 1024;

/** A file is closed when it has this part of all bytes that there may be. */
const filesTarget = 16;
/** Less is not worth a file. */
const fileBytesMin = 1024 * 1024;

const directoryMode = 0o700;

/** How often a full disk is tried again. */
const retryMs = 1_000;

/**
 * Dead letters as lines of JSON. A file that has grown to a sixteenth of the bound is closed: it gets
 * another name, and the next letter begins a new file.
 *
 * Opened by `open`, closed by disposal. Concurrent puts share one sync. A line torn by a crash or a
 * full disk stays alone: the next letter begins on a line of its own, and its `put` was never answered.
 *
 * When the files together are full, what is in them stays and what comes is counted, and not kept: the
 * first letters say what began, and replicas that share the files cannot lose each other's. Once a file
 * is moved away or emptied, letters are kept again.
 *
 * A full disk is waited for: the records are not done until their letters are written, so that their
 * shard is not read on meanwhile. What was written of a slice before it was full stands twice in the file.
 */
export class FileDeadLetters implements DeadLetters, AsyncDisposable {
  readonly #path: string;
  readonly #options: FileDeadLettersOptions;
  readonly #metrics: DeadLettersMetrics;
  #file: FileHandle;
  #pending: PendingPut[] = [];
  #writing: Promise<void> | undefined;
  #isTorn: boolean;

  private constructor(options: FileDeadLettersOptions, file: FileHandle, isTorn: boolean) {
    this.#options = options;
    this.#path = pathOf(options);
    this.#file = file;
    this.#isTorn = isTorn;
    this.#metrics = defineDeadLettersMetrics(options.registry, options, () =>
      deadLettersBytes(options.directory, options.stage).catch(() => 0),
    );
  }

  /** Creates the directory and the file where they are missing. */
  static async open(options: FileDeadLettersOptions): Promise<FileDeadLetters> {
    await mkdir(options.directory, { recursive: true, mode: directoryMode });
    const file = await openFile(options);
    return new FileDeadLetters(options, file, await hasTornEnd(file));
  }

  async put(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#pending.push({ letters, resolve, reject });
    this.#writing ??= this.#writeGroups();
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #writeGroups(): Promise<void> {
    while (this.#pending.length > 0) {
      const group = this.#pending;
      this.#pending = [];
      try {
        await this.#append(group.flatMap(({ letters }) => letters));
      } catch (cause) {
        const error = new DeadLettersError(this.#path, cause as Error);
        for (const { reject } of group) reject(error);
        continue;
      }
      for (const { letters, resolve } of group) {
        for (const letter of letters) this.#count(letter);
        resolve();
      }
    }
    this.#writing = undefined;
  }

  async #append(letters: readonly DeadLetter[]): Promise<void> {
    const nowMs = systemClock.nowMs();
    for (const slice of encodeSlices(letters, nowMs, sliceBytesTarget)) {
      while (!(await this.#hasWritten(slice))) {
        await systemClock.sleep(retryMs, this.#options.signal);
      }
    }
    await this.#file.datasync();
  }

  /** @returns false when there is no room for it on the disk */
  async #hasWritten({ bytes, letters }: Slice): Promise<boolean> {
    try {
      await this.#followPath();
      const { directory, stage, bytesMax } = this.#options;
      const heldBytes = await deadLettersBytes(directory, stage);
      if (heldBytes + bytes.length > bytesMax) {
        this.#discard(letters, heldBytes);
        return true;
      }
      await this.#closeIfFull(bytes.length);
      const lines = this.#isTorn ? Buffer.concat([newline, bytes]) : bytes;
      // Until the slice is whole: what comes after a failure must not stand on its last line.
      this.#isTorn = true;
      await writeWhole(this.#file, lines);
      this.#isTorn = false;
      return true;
    } catch (cause) {
      const { log, signal } = this.#options;
      if (!isOutOfSpace(cause) || signal?.aborted) throw cause;
      log.error(
        { err: new DeadLettersError(this.#path, cause as Error), lettersCount: letters.length },
        'No space is left for dead letters. Their shards are paused until you free some space.',
      );
      return false;
    }
  }

  /** Somebody may have moved the file away, to make room; or another replica has closed it. */
  async #followPath(): Promise<void> {
    const [own, found] = await Promise.all([
      this.#file.stat(),
      stat(this.#path).catch(() => undefined),
    ]);
    if (found?.ino === own.ino && found.dev === own.dev) return;
    // What this put has written there is as durable as the rest.
    await this.#file.datasync();
    const file = await openFile(this.#options);
    await this.#file.close();
    this.#file = file;
    this.#isTorn = await hasTornEnd(file);
  }

  async #closeIfFull(addedBytes: number): Promise<void> {
    const { directory, stage, bytesMax } = this.#options;
    const { size } = await this.#file.stat();
    const fileBytesMax = Math.max(fileBytesMin, bytesMax / filesTarget);
    if (size === 0 || size + addedBytes <= fileBytesMax) return;
    await closeCurrentFile(directory, stage, systemClock.nowMs());
    await this.#followPath();
  }

  #discard(letters: readonly DeadLetter[], heldBytes: number): void {
    const { log, stage, bytesMax } = this.#options;
    let count = 0;
    for (const letter of letters) {
      for (const [, refused] of refusedByReason(letter)) count += refused;
    }
    this.#metrics.discarded.inc({ stage }, count);
    log.error(
      { file: this.#path, heldBytes, bytesMax, lettersCount: letters.length, count },
      'The dead-letter files are full: new dead letters are counted but not stored. Read the files and move some of them away, or raise HW_DEAD_LETTERS_BYTES_MAX.',
    );
  }

  #count(letter: DeadLetter): void {
    const { stage } = letter;
    for (const [reason, count] of refusedByReason(letter)) {
      this.#metrics.setAside.inc({ stage, reason }, count);
    }
  }
}

function pathOf({ directory, stage }: FileDeadLettersOptions): string {
  return join(directory, currentFileName(stage));
}

async function openFile(options: FileDeadLettersOptions): Promise<FileHandle> {
  const path = pathOf(options);
  const file = await open(path, 'a+', deadLettersMode);
  // One of an earlier release may be readable by everybody; one of another owner stays as it is.
  await chmod(path, deadLettersMode).catch(() => undefined);
  await syncDirectory(options.directory);
  return file;
}

/** In one write, if the system lets it: replicas that share a file then never mix their lines. */
async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
    at += bytesWritten;
  }
}

async function hasTornEnd(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** A new file is durable only when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
