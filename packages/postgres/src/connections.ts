import { HighwaterError } from '@highwater/model';
import { readFile } from 'node:fs/promises';
import { Pool, type ClientConfig, type PoolClient } from 'pg';
import type { PostgresAddress } from './address.ts';
import { cancelStatement } from './cancel-statement.ts';
import { PostgresError, unusable } from './errors.ts';

/** A statement with its values as text; the statement says their types. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly (string | number | null)[] | undefined;
}

/** A connection for the time of a task. */
export interface Connection {
  /** Rows as arrays. */
  rows(statement: Statement): Promise<readonly (readonly unknown[])[]>;
  readonly client: PoolClient;
}

/** A connection that nobody else uses until it is disposed of. */
export interface LentConnection extends Disposable {
  /** Runs a task. After one that failed, the connection is closed when it is disposed of. */
  run<T>(task: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface ConnectionsOptions {
  readonly connectionsMax: number;
  /** Limits each statement. */
  readonly timeoutMs: number;
  /** Called when a connection leads to a server that was started at another time than the last one. */
  readonly onServerChanged?: (() => void) | undefined;
}

/** How a connection is used. */
export interface RunOptions {
  /** Whether the server is told when the signal aborts; else the statement may go on to its end. */
  readonly cancels?: boolean;
  /** Whether the connection is closed afterwards: the task may have left something on it. */
  readonly isLast?: boolean;
}

const idleMs = 60_000;
/** Connections are renewed, so that those to an old address end. */
const lifetimeSeconds = 900;

/**
 * Connections to a database, up to a number. One that had any error is not used again.
 *
 * Works behind a pooler in transaction mode: statements have no names, and nothing is set for longer
 * than a transaction. Only a connection without a pooler gets a time limit for its session.
 */
export class Connections implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #config: ClientConfig;
  readonly #timeoutMs: number;
  readonly #onServerChanged: () => void;
  readonly #prepared = new WeakSet<PoolClient>();
  /** When the server of the newest connection was started. */
  #serverStarted: string | undefined;

  private constructor(
    config: ClientConfig,
    { connectionsMax, timeoutMs, onServerChanged = () => undefined }: ConnectionsOptions,
  ) {
    this.#config = config;
    this.#timeoutMs = timeoutMs;
    this.#onServerChanged = onServerChanged;
    this.#pool = new Pool({
      ...config,
      max: connectionsMax,
      idleTimeoutMillis: idleMs,
      maxLifetimeSeconds: lifetimeSeconds,
    });
    // One that breaks while nobody uses it is replaced by the pool.
    this.#pool.on('error', () => undefined);
  }

  /** @throws {PostgresError} when the file of certificates cannot be read; nothing is connected yet */
  static async to(address: PostgresAddress, options: ConnectionsOptions): Promise<Connections> {
    const { host, port, database, user } = address;
    const config: ClientConfig = {
      host,
      port,
      database,
      user,
      password: () => passwordOf(address),
      ssl: await tlsOptions(address),
      application_name: 'highwater',
      connectionTimeoutMillis: options.timeoutMs,
      keepAlive: true,
    };
    return new Connections(config, options);
  }

  /**
   * Runs a task on a connection of its own.
   *
   * @throws what the task throws; the signal's reason when it aborts first
   */
  async run<T>(
    task: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
    options: RunOptions = {},
  ): Promise<T> {
    using lent = await this.lend(signal, options);
    return await lent.run(task, signal);
  }

  /** Lends a connection until it is disposed of, for several tasks of one transaction. */
  async lend(
    signal: AbortSignal,
    { cancels = false, isLast = false }: RunOptions = {},
  ): Promise<LentConnection> {
    signal.throwIfAborted();
    const client = await this.#take(signal);
    try {
      await untilAborted(this.#prepare(client), signal);
    } catch (error) {
      client.release(true);
      throw error;
    }
    let isBroken = isLast;
    return {
      run: async (task, either) => {
        try {
          return await untilAborted(task(connectionOf(client)), either);
        } catch (error) {
          isBroken = true;
          if (either.aborted && cancels) await cancelStatement(this.#config, keyOf(client));
          throw error;
        }
      },
      [Symbol.dispose]: () => client.release(isBroken),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  async #take(signal: AbortSignal): Promise<PoolClient> {
    const taking = this.#pool.connect();
    try {
      const client = await untilAborted(taking, signal);
      // Its errors reach the statements, too; without a listener they would end the process.
      if (client.listenerCount('error') === 0) client.on('error', () => undefined);
      return client;
    } catch (error) {
      if (signal.aborted) {
        taking.then(
          (client) => client.release(true),
          () => undefined,
        );
      }
      throw error;
    }
  }

  /** Once for each connection. */
  async #prepare(client: PoolClient): Promise<void> {
    if (this.#prepared.has(client)) return;
    const [[pid, started] = []] = await connectionOf(client).rows({
      text: 'select pg_backend_pid(), pg_postmaster_start_time()::text',
    });
    // A failover may happen while no statement runs, and break connections that nobody uses.
    const isOther = this.#serverStarted !== undefined && this.#serverStarted !== started;
    this.#serverStarted = String(started);
    if (isOther) this.#onServerChanged();
    // Behind a pooler the two differ, and a setting would stay on a connection of anybody.
    const isDirect = keyOf(client).processID === Number(pid);
    if (isDirect) await client.query(`set statement_timeout = ${Math.ceil(this.#timeoutMs)}`);
    this.#prepared.add(client);
  }
}

/** What the server gave the connection to be cancelled by. A pooler gives its own, and passes it on. */
function keyOf(client: PoolClient) {
  return client as unknown as {
    readonly processID: number | null;
    readonly secretKey: number | null;
  };
}

function connectionOf(client: PoolClient): Connection {
  return {
    client,
    async rows({ text, values }) {
      const query = { text, rowMode: 'array' as const };
      const result = await client.query<unknown[]>(
        values ? { ...query, values: [...values] } : query,
      );
      return result.rows;
    },
  };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  // Whichever loses has nobody else who would hear of its failure.
  work.catch(() => undefined);
  aborted.promise.catch(() => undefined);
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Asked by the client when the server asks for it. */
async function passwordOf({ user, password }: PostgresAddress): Promise<string> {
  const known = await password().catch((error: unknown) => {
    if (error instanceof HighwaterError) throw error;
    throw new PostgresError(
      `finding the password of ${user}: ${String(error)}`,
      { domain: 'external', retry: 'backoff' },
      { cause: error },
    );
  });
  if (known !== undefined && known !== '') return known;
  throw unusable(`connecting as ${user}: the server asks for a password, and there is none`);
}

async function tlsOptions({ tls, caFile }: PostgresAddress): Promise<ClientConfig['ssl']> {
  if (tls === 'off') return false;
  if (tls === 'require') return { rejectUnauthorized: false };
  if (caFile === undefined) return { rejectUnauthorized: true };
  try {
    return { rejectUnauthorized: true, ca: await readFile(caFile, 'utf8') };
  } catch (error) {
    throw unusable(`reading the certificates ${caFile}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
