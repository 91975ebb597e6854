import type { Clock, Logger } from '@highwater/model';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../store/store.ts';
import type { EndReason } from './engine-child.ts';
import { Engine } from './engine.ts';

/**
 * The engine of most statements, and the engine of statements with functions written in JavaScript.
 */
export type EngineName = 'queries' | 'functions';

export interface EnginesOptions {
  readonly store: Store;
  /**
   * The store's file, next to which the replicas are stored. Undefined: in the system's temporary
   * directory.
   */
  readonly path: string | undefined;
  /** Of each engine. */
  readonly memoryBytesMax: number;
  readonly clock: Clock;
  readonly log?: Logger | undefined;
  /** Called when a process of an engine has ended unexpectedly. */
  readonly onEnded?: ((engine: EngineName, reason: EndReason) => void) | undefined;
}

/**
 * The engines of a server. Statements that call functions written in JavaScript have a separate
 * engine, which starts with the first of them, because DuckDB calls such a function on the thread
 * that also returns the rows of all other statements.
 */
export class Engines implements AsyncDisposable {
  readonly #plain: Engine;
  readonly #withFunctions: Engine;
  readonly #removeDirectory: () => Promise<void>;

  private constructor(plain: Engine, withFunctions: Engine, removeDirectory: () => Promise<void>) {
    this.#plain = plain;
    this.#withFunctions = withFunctions;
    this.#removeDirectory = removeDirectory;
  }

  /** @throws when an engine cannot be started, for example because its replica cannot be written */
  static async start({ path, onEnded, ...options }: EnginesOptions): Promise<Engines> {
    const directory =
      path === undefined ? await mkdtemp(join(tmpdir(), 'timestream-local-')) : undefined;
    const prefix = directory === undefined ? `${path}.` : join(directory, 'replica.');
    const engine = (name: EngineName) =>
      new Engine({
        ...options,
        path: `${prefix}${name}`,
        temporaryDirectory: directory,
        isWithFunctions: name === 'functions',
        onEnded: (reason) => onEnded?.(name, reason),
      });
    const engines = new Engines(engine('queries'), engine('functions'), async () => {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    });
    try {
      await engines.#withFunctions.removeReplica();
      await engines.#plain.process();
      return engines;
    } catch (error) {
      await engines[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The engine for a statement in DuckDB's SQL. */
  for(sql: string): Engine {
    return callsFunctions.test(sql) ? this.#withFunctions : this.#plain;
  }

  /** How many rows the store is ahead of each replica. */
  get rowsBehind(): Readonly<Record<EngineName, number>> {
    return { queries: this.#plain.rowsBehind, functions: this.#withFunctions.rowsBehind };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#plain[Symbol.asyncDispose]();
    await this.#withFunctions[Symbol.asyncDispose]();
    await this.#removeDirectory();
  }
}

/** Also true of a text that looks like a call, which is then only computed elsewhere. */
const callsFunctions = /\bhw_\w+\(/;
