import { refusedByReason, type DeadLetter, type DeadLetters } from '@highwater/model';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Counter, type Registry } from 'prom-client';
import { systemClock } from './system-clock.ts';

/** Which service sets records aside, and where. */
export interface FileDeadLettersOptions {
  readonly directory: string;
  /** The service; the file is `<stage>.ndjson`. */
  readonly stage: string;
  readonly registry: Registry;
}

interface PendingPut {
  readonly letters: readonly DeadLetter[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Dead letters as lines of JSON in a file that only grows.
 *
 * Opened by `open`, closed by disposal. Concurrent puts share one write and one sync. A line torn by
 * a crash or a full disk stays alone: the next letter begins on a line of its own, and its `put` was
 * never answered.
 */
export class FileDeadLetters implements DeadLetters, AsyncDisposable {
  readonly #file: FileHandle;
  readonly #counter: Counter<'stage' | 'reason'>;
  #pending: PendingPut[] = [];
  #writing: Promise<void> | undefined;
  #isTorn: boolean;

  private constructor(file: FileHandle, counter: Counter<'stage' | 'reason'>, isTorn: boolean) {
    this.#file = file;
    this.#counter = counter;
    this.#isTorn = isTorn;
  }

  /** Creates the directory and the file where they are missing. */
  static async open(options: FileDeadLettersOptions): Promise<FileDeadLetters> {
    const { directory, stage, registry } = options;
    await mkdir(directory, { recursive: true });
    const file = await open(join(directory, `${stage}.ndjson`), 'a+');
    await syncDirectory(directory);
    const counter = new Counter({
      name: 'highwater_dead_letters_total',
      help: 'Points, or records that are none, that were set aside, by service and reason.',
      labelNames: ['stage', 'reason'], // Closed sets, see DeadLetter.
      registers: [registry],
    });
    return new FileDeadLetters(file, counter, await hasTornEnd(file));
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
      } catch (error) {
        this.#isTorn = true;
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

  #count(letter: DeadLetter): void {
    const { stage } = letter;
    for (const [reason, count] of refusedByReason(letter)) {
      this.#counter.inc({ stage, reason }, count);
    }
  }

  async #append(letters: readonly DeadLetter[]): Promise<void> {
    const start = this.#isTorn ? '\n' : '';
    await this.#file.appendFile(start + letters.map((letter) => `${encode(letter)}\n`).join(''));
    await this.#file.datasync();
    this.#isTorn = false;
  }
}

function encode(letter: DeadLetter): string {
  const { stage, reason, detail, stream, shardId, arrivalTimeMs, payload } = letter;
  return JSON.stringify({
    time: new Date(systemClock.nowMs()).toISOString(),
    stage,
    reason,
    detail,
    stream,
    shardId,
    sequenceNumber: letter.sequenceNumber,
    // Left out of the line when the record was in no aggregate.
    subSequenceNumber: letter.subSequenceNumber,
    arrivalTime: new Date(arrivalTimeMs).toISOString(),
    // Only where the record had several.
    elements: letter.elements,
    payload: Buffer.from(payload).toString('base64'),
  });
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
