import { childEnvironment } from '@highwater/service';
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineReply, EngineRequest, OpenRequest } from './messages.ts';

/**
 * Why a process has ended: a statement continued after it was stopped, it used too much memory, or
 * anything else.
 */
export type EndReason = 'time' | 'memory' | 'crash';

/** How a process has ended. */
export interface EngineEnd {
  readonly reason: EndReason;
  /** Details for the log, as far as known. */
  readonly message: string;
}

/** The process that computed a query has ended, for whatever reason. */
export class EngineLostError extends Error {
  override readonly name = 'EngineLostError';
  readonly reason: EndReason;

  constructor({ reason, message }: EngineEnd) {
    super(`The query engine has ended: ${message}`);
    this.reason = reason;
  }
}

const mainModule = fileURLToPath(new URL('./main.ts', import.meta.url));

type Waiting<T> = PromiseWithResolvers<T>;

/** One process of an engine, from its start to its end. */
export class EngineChild {
  readonly ended: Promise<EngineEnd>;
  readonly #child: ChildProcess;
  readonly #onApplied: (position: number) => void;
  readonly #copied = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<number>();
  readonly #rows = new Map<number, Waiting<readonly string[]>>();
  #lastQuery = 0;
  #isReplicaBroken = false;
  #end: EngineEnd | undefined;

  /** @param onApplied receives the position that the replica has reached */
  constructor(onApplied: (position: number) => void) {
    this.#onApplied = onApplied;
    this.#child = fork(mainModule, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: childEnvironment({}),
    });
    this.#child.on('message', (reply: EngineReply) => this.#take(reply));
    const ended = Promise.withResolvers<EngineEnd>();
    this.ended = ended.promise;
    this.#child.once('error', ({ message }) => this.#ends(ended, { reason: 'crash', message }));
    this.#child.once('exit', (code, signal) => {
      const message = `ended by ${signal ?? `exit code ${code}`}`;
      // Killed by its own memory guard, or by the kernel when the machine has no memory left.
      this.#ends(ended, { reason: signal === 'SIGKILL' ? 'memory' : 'crash', message });
    });
    // Callers that wait for one of these get the error from their own promise.
    this.#copied.promise.catch(() => undefined);
    this.#opened.promise.catch(() => undefined);
  }

  /** Copies a file that does not change in the meantime. */
  copy(from: string, to: string): Promise<void> {
    this.send({ kind: 'copy', from, to });
    return this.#copied.promise;
  }

  /** @returns the position of the last change in the replica */
  open(request: OpenRequest): Promise<number> {
    this.send(request);
    return this.#opened.promise;
  }

  /** Whether a change of its replica failed: another process would fail at the same one. */
  get isReplicaBroken(): boolean {
    return this.#isReplicaBroken;
  }

  /** A number for a new query. */
  newQuery(): number {
    this.#lastQuery += 1;
    return this.#lastQuery;
  }

  /**
   * The next rows of a query, each as JSON.
   *
   * @throws {EngineLostError} when the process ends in the meantime
   * @throws DuckDB's error when the query fails
   */
  next(query: number, timeLeftMs: number): Promise<readonly string[]> {
    const waiting = Promise.withResolvers<readonly string[]>();
    if (!this.#child.connected) return Promise.reject(this.#lost());
    this.#rows.set(query, waiting);
    this.send({ kind: 'next', query, timeLeftMs });
    return waiting.promise;
  }

  /** Messages to a process that has ended are lost, like everything in it. */
  send(request: EngineRequest): void {
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }

  /** Ends it immediately. */
  kill(message: string, reason: EndReason = 'crash'): void {
    this.#end ??= { reason, message };
    this.#child.kill('SIGKILL');
  }

  #take(reply: EngineReply): void {
    switch (reply.kind) {
      case 'copied':
        this.#copied.resolve();
        return;
      case 'opened':
        this.#opened.resolve(reply.position);
        return;
      case 'applied':
        this.#onApplied(reply.position);
        return;
      case 'rows':
        this.#waitingFor(reply.query)?.resolve(reply.rows);
        return;
      case 'failed':
        this.#waitingFor(reply.query)?.reject(new Error(reply.message));
        return;
      case 'broken':
        this.#isReplicaBroken = true;
        this.#opened.reject(new Error(reply.message));
        this.kill(`its copy is unusable: ${reply.message}`);
        return;
    }
  }

  #waitingFor(query: number): Waiting<readonly string[]> | undefined {
    const waiting = this.#rows.get(query);
    this.#rows.delete(query);
    return waiting;
  }

  #ends(ended: Waiting<EngineEnd>, end: EngineEnd): void {
    this.#end ??= end;
    const lost = this.#lost();
    this.#copied.reject(lost);
    this.#opened.reject(lost);
    for (const { reject } of this.#rows.values()) reject(lost);
    this.#rows.clear();
    ended.resolve(this.#end);
  }

  #lost(): EngineLostError {
    return new EngineLostError(this.#end ?? { reason: 'crash', message: 'gone' });
  }
}
