import { systemClock } from '@highwater/service';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the guard is asked. */
export type GuardRequest =
  | {
      readonly kind: 'start';
      readonly command: string;
      readonly flags: readonly string[];
      readonly options: {
        readonly cwd: string;
        readonly env: Readonly<Record<string, string>>;
        readonly uid?: number;
        readonly gid?: number;
      };
    }
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL' };

/** What the guard says. */
export type GuardReply =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ended'; readonly cause: string };

const linesKept = 20;
/** The fast shutdown writes what is in memory; after so long it is made to stop at once. */
const fastStopMs = 30_000;
const quickStopMs = 5_000;

/**
 * A server under a guard: a small process between this one and the server, which stops the server when
 * this process is gone. In a session of its own, for Ctrl-C is meant for this process.
 */
export class GuardedServer {
  readonly #guard: ChildProcess;
  readonly #lastLines: string[] = [];
  readonly #ended = Promise.withResolvers<string>();
  #pid: number | undefined;
  #isEnded = false;

  constructor(request: GuardRequest & { readonly kind: 'start' }, onLine: (line: string) => void) {
    this.#guard = fork(join(import.meta.dirname, 'main.ts'), [], {
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#guard.on('message', (message) => this.#hear(message as GuardReply));
    this.#guard.on('error', (error) => this.#end(error.message));
    this.#guard.on('exit', () => {
      // It ends after the server, unless somebody has killed it.
      if (!this.#isEnded && this.#pid !== undefined) signalProcess(this.#pid, 'SIGINT');
      this.#end('the process that guards it was killed');
    });
    for (const stream of [this.#guard.stdout, this.#guard.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > linesKept) this.#lastLines.shift();
        onLine(line);
      });
    }
    this.#guard.send(request);
  }

  /** The postmaster; absent until it runs. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** The last lines that the server has written. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** Settles with the cause when the server has ended. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Stops the server, by force when it takes too long. */
  async stop(): Promise<void> {
    const steps = [
      ['SIGINT', fastStopMs],
      ['SIGQUIT', quickStopMs],
      ['SIGKILL', quickStopMs],
    ] as const;
    for (const [signal, waitMs] of steps) {
      if (this.#isEnded) return;
      if (this.#guard.connected) this.#guard.send({ kind: 'signal', signal });
      await this.#endedWithin(waitMs);
    }
  }

  async #endedWithin(waitMs: number): Promise<void> {
    const enough = new AbortController();
    const waiting = systemClock.sleep(waitMs, enough.signal).catch(() => undefined);
    await Promise.race([this.ended, waiting]);
    enough.abort();
  }

  #hear(reply: GuardReply): void {
    if (reply.kind === 'started') this.#pid = reply.pid;
    else this.#end(reply.cause);
  }

  #end(cause: string): void {
    this.#isEnded = true;
    this.#ended.resolve(cause);
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
