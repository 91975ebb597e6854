import type { Clock, Logger } from '@highwater/model';
import { rm } from 'node:fs/promises';
import type { Change } from '../store/change.ts';
import { isDamage } from '../store/explain-file-error.ts';
import type { Store } from '../store/store.ts';
import { EngineChild, type EndReason, type EngineEnd } from './engine-child.ts';
import type { ChangeRequest } from './messages.ts';

export interface EngineOptions {
  readonly store: Store;
  /** Where the replica is stored. */
  readonly path: string;
  /**
   * The directory of the replica, if only the server uses it. It is removed with the server, even
   * if that is killed.
   */
  readonly temporaryDirectory?: string | undefined;
  readonly memoryBytesMax: number;
  /** Whether it computes statements with functions written in JavaScript. */
  readonly isWithFunctions: boolean;
  readonly clock: Clock;
  readonly log?: Logger | undefined;
  /** Called when a process has ended unexpectedly. */
  readonly onEnded?: ((reason: EndReason) => void) | undefined;
}

const limits = {
  /** Maximum rows that the store may be ahead of the replica. Beyond that, writes wait. */
  rowsBehindMax: 200_000,
  /** After this many consecutive failed starts, the replica is discarded and copied again. */
  startsMax: 3,
  restartMs: 1000,
} as const;

/**
 * Computes statements of clients in a separate process, on a replica of the store that follows
 * every change. When the process ends, by itself or because a query has made it too large or too
 * slow, the next one continues with the same replica.
 */
export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  /** Changes that the replica may not have yet. */
  #retained: ChangeRequest[] = [];
  #position = 0;
  /** The last change that a process has reported as applied to the replica. */
  #appliedTo = 0;
  /** The last process's error about a damaged replica. */
  #damage: string | undefined;
  #unfollow: (() => void) | undefined;
  #child: EngineChild | undefined;
  /** Whether the process has its replica open. */
  #isOpen = false;
  #ready = newReady();
  #running: Promise<void> | undefined;
  #room = Promise.withResolvers<void>();
  readonly #stop = new AbortController();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /**
   * The process, once it accepts statements. The first call starts it.
   *
   * @throws when it cannot be started; later calls may succeed
   */
  process(): Promise<EngineChild> {
    this.#running ??= this.#run();
    return this.#ready.promise;
  }

  /** Rows that the store is ahead of the replica. */
  get rowsBehind(): number {
    return rowsOf(this.#retained);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#giveUpReplica();
    this.#child?.kill('the server ends');
    await this.#running;
    this.#ready.reject(new Error('The query engine has ended with its server.'));
    await this.removeReplica();
  }

  /** Until it is disposed: one process after another. */
  async #run(): Promise<void> {
    const { clock } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const child = new EngineChild((position) => this.#applied(position));
      this.#child = child;
      const ended = child.ended.then((end) => {
        this.#closed();
        return end;
      });
      try {
        await this.#open(child);
        failures = 0;
        const end = await ended;
        if (this.#stop.signal.aborted) return;
        this.#tell(end);
        if (!child.isReplicaBroken) continue;
        this.#lookInto(end.message);
        await clock.sleep(limits.restartMs, this.#stop.signal).catch(() => undefined);
      } catch (error) {
        child.kill('its start failed');
        const end = await ended;
        if (this.#stop.signal.aborted) return;
        failures += 1;
        this.#tell(end, error);
        this.#ready.reject(error);
        this.#ready = newReady();
        if (failures % limits.startsMax === 0) this.#giveUpReplica();
        // A partial copy would only take space that others need.
        if (!this.#unfollow) await this.removeReplica();
        await clock.sleep(limits.restartMs, this.#stop.signal).catch(() => undefined);
      }
    }
  }

  /** @param error why it could not be started, if so */
  #tell({ reason, message }: EngineEnd, error?: unknown): void {
    const { log, onEnded } = this.#options;
    onEnded?.(reason);
    if (error === undefined) {
      log?.warn({ reason: message }, 'A query engine ended; starting another one.');
    } else log?.error({ err: error }, 'Starting a query engine failed; retrying.');
  }

  async #open(child: EngineChild): Promise<void> {
    const { store, path, memoryBytesMax, isWithFunctions, temporaryDirectory } = this.#options;
    if (!this.#unfollow) {
      await this.removeReplica();
      this.#position = 0;
      this.#unfollow = await store.follow(path, (from, to) => child.copy(from, to), {
        committed: (changes) => this.#feed(changes),
        broken: () => this.#beginAnew(),
      });
    }
    const position = await child.open({
      kind: 'open',
      path,
      memoryBytesMax,
      isWithFunctions,
      temporaryDirectory,
    });
    if (position < this.#appliedTo) {
      this.#giveUpReplica();
      throw new Error(`opening ${path}: it has lost changes; copying it again`);
    }
    this.#applied(position);
    for (const change of this.#retained) child.send(change);
    this.#ready.resolve(child);
    this.#isOpen = true;
  }

  /** From now on, statements wait for the next process. */
  #closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ready = newReady();
  }

  /** Resolves when the store may continue. */
  async #feed(changes: readonly Change[]): Promise<void> {
    this.#position += 1;
    const request: ChangeRequest = { kind: 'change', position: this.#position, changes };
    this.#retained.push(request);
    if (this.#isOpen) this.#child?.send(request);
    while (this.rowsBehind > limits.rowsBehindMax) await this.#room.promise;
  }

  #applied(position: number): void {
    this.#appliedTo = Math.max(this.#appliedTo, position);
    this.#retained = this.#retained.filter((change) => change.position > position);
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }

  /** The next process copies the store again. */
  #giveUpReplica(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#appliedTo = 0;
    this.#retained = [];
    this.#makeRoom();
  }

  /**
   * If a copy is damaged in the same place as the previous one, the damage comes from the store's
   * file, so a third copy would not help.
   */
  #lookInto(message: string): void {
    const isCopied = isDamage(message) && message === this.#damage;
    this.#damage = isDamage(message) ? message : undefined;
    if (!isCopied) return this.#giveUpReplica();
    const { store, log } = this.#options;
    log?.error(
      { file: store.path, damage: message },
      'The data file is damaged. Restore it from a backup.',
    );
  }

  #beginAnew(): void {
    this.#giveUpReplica();
    this.#child?.kill('the store was reopened');
  }

  /** Also removes files of an earlier server. Only while no process runs. */
  async removeReplica(): Promise<void> {
    const { path } = this.#options;
    for (const part of ['', '.wal', '.wal.checkpoint', '.wal.recovery', '.tmp']) {
      await rm(`${path}${part}`, { recursive: true, force: true });
    }
  }
}

/** Promises that nobody waits for may be rejected. */
function newReady(): PromiseWithResolvers<EngineChild> {
  const ready = Promise.withResolvers<EngineChild>();
  ready.promise.catch(() => undefined);
  return ready;
}

function rowsOf(requests: readonly ChangeRequest[]): number {
  let rows = 0;
  for (const { changes } of requests) {
    for (const change of changes) {
      rows += change.kind === 'append' ? (change.columns[0]?.values.length ?? 0) : 1;
    }
  }
  return rows;
}
