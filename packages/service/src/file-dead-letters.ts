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

/** The service that sets records aside, and where it writes them. */
export interface FileDeadLettersOptions {
  readonly directory: string;
  /** Name of the service; its letters go to `<stage>.ndjson`. */
  readonly stage: string;
  /** Limit for all its files together. Letters that do not fit are counted but not kept. */
  readonly bytesMax: number;
  readonly registry: Registry;
  readonly log: Logger;
  /**
   * Ends the wait for space on a full disk. Waiting letters are then not written, and their records
   * are not done. @default none
   */
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

/** Small compared to memory, and large enough for one write. */
const sliceBytesTarget = 4 * 1024 * 1024;

/** A file is closed when it reaches this fraction of the limit for all files. */
const filesTarget = 16;
/** A smaller limit is not worth a separate file. */
const fileBytesMin = 1024 * 1024;

const directoryMode = 0o700;

/** How often a write to a full disk is retried. */
const retryMs = 1_000;

/**
 * Dead letters as lines of JSON. A file that has grown to a sixteenth of the limit is closed: it is
 * renamed, and the next letter starts a new file.
 *
 * Opened by `open`, closed by disposal. Concurrent puts share one sync. A line torn by a crash or a
 * full disk stays on its own: the next letter starts a new line, and the `put` of the torn line
 * never resolved.
 *
 * When the files together are full, they keep their letters, and new letters are counted but not
 * kept. The first letters show how the problem started, and replicas that share the files cannot
 * lose each other's letters. Once a file is moved away or emptied, letters are kept again.
 *
 * On a full disk, `put` waits: the records are not done until their letters are written, so reading
 * of their shard pauses. The part of a slice that was written before the disk was full appears
 * twice in the file.
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

  /** Creates the directory and the file if they are missing. */
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

  /** @returns false when the disk has no space for it */
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
      // Until the slice is complete: after a failure, the next letter must not continue its last
      // line.
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

  /** Somebody may have moved the file away to free space, or another replica has closed it. */
  async #followPath(): Promise<void> {
    const [own, found] = await Promise.all([
      this.#file.stat(),
      stat(this.#path).catch(() => undefined),
    ]);
    if (found?.ino === own.ino && found.dev === own.dev) return;
    // Everything that this put has written there is as durable as the rest.
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
  // A file of an earlier release may be readable by everybody. A file of another owner stays as it
  // is.
  await chmod(path, deadLettersMode).catch(() => undefined);
  await syncDirectory(options.directory);
  return file;
}

/**
 * In one write if the system allows it, so that replicas that share a file never mix their lines.
 */
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

/** A new file is durable only when its directory is synced. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
