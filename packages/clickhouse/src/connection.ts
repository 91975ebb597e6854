import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
  type DataFormat,
} from '@clickhouse/client';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ClickhouseLogin } from './clickhouse-login.ts';
import { parseTabSeparated } from './parse-tab-separated.ts';

/** What an engine said to a statement that reads. */
export interface Reply {
  readonly text: string;
  /** Absent when the engine does not say. */
  readonly bytesRead: number | undefined;
}

/** How a statement is run. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly settings?: ClickHouseSettings;
}

/** What a client is made with. */
export interface ConnectionOptions {
  readonly socketsMax: number;
  readonly timeoutMs: number;
  /** What names without a database mean; absent where all names have one. */
  readonly database?: string;
}

/** Requests to one server, with the password of the moment. Dispose it after the last call. */
export class Connection implements AsyncDisposable {
  readonly #login: ClickhouseLogin;
  readonly #options: ConnectionOptions;
  /** Made by the first call. */
  #client: Promise<ClickHouseClient> | undefined;

  constructor(login: ClickhouseLogin, options: ConnectionOptions) {
    this.#login = login;
    this.#options = options;
  }

  /** Runs a statement that has no result. */
  async command(statement: string, { signal, settings = {} }: CallOptions): Promise<void> {
    await (
      await this.#connected()
    ).command({
      query: statement,
      ...(await this.#auth()),
      abort_signal: signal,
      clickhouse_settings: settings,
    });
  }

  /** Sends rows in the form `RowBinary`. Resolves when they are stored. */
  async insert(into: string, rows: Buffer, { signal, settings = {} }: CallOptions): Promise<void> {
    const { stream } = await (
      await this.#connected()
    ).exec({
      query: `INSERT INTO ${into} FORMAT RowBinary`,
      values: Readable.from([rows], { objectMode: false }),
      ...(await this.#auth()),
      abort_signal: signal,
      clickhouse_settings: settings,
    });
    await buffer(stream);
  }

  /** Runs a statement that reads. The format must be no part of it. */
  async query(
    statement: string,
    { signal, settings = {}, format }: CallOptions & { readonly format: DataFormat },
  ): Promise<Reply> {
    const client = await this.#connected();
    const result = await client.query({
      query: statement,
      format,
      ...(await this.#auth()),
      abort_signal: signal,
      clickhouse_settings: settings,
    });
    const text = await result.text();
    return { text, bytesRead: bytesRead(result.response_headers['x-clickhouse-summary']) };
  }

  /** Rows of a statement whose columns are texts, in a format that every server has. */
  async texts(statement: string, options: CallOptions): Promise<readonly (readonly string[])[]> {
    const { text } = await this.query(statement, { ...options, format: 'TabSeparated' });
    return parseTabSeparated(text).map((row) => row.map((value) => value ?? ''));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#client)?.close();
  }

  async #connected(): Promise<ClickHouseClient> {
    // Kept only when it could be made: a missing file of certificates may appear.
    return await (this.#client ??= makeClient(this.#login, this.#options).catch((error) => {
      this.#client = undefined;
      throw error;
    }));
  }

  async #auth() {
    const password = (await this.#login.password()) ?? '';
    return { auth: { username: this.#login.user, password } };
  }
}

async function makeClient(
  { host, port, tls, tlsCaFile, user }: ClickhouseLogin,
  { socketsMax, timeoutMs, database }: ConnectionOptions,
): Promise<ClickHouseClient> {
  const ca = tlsCaFile === undefined ? undefined : await readFile(tlsCaFile);
  const unchecked = { keepAlive: true, maxSockets: socketsMax, rejectUnauthorized: false };
  return createClient({
    url: `${tls === 'off' ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    application: 'highwater',
    username: user,
    request_timeout: timeoutMs,
    max_open_connections: socketsMax,
    compression: { request: false, response: false },
    log: { level: ClickHouseLogLevel.OFF },
    ...(database === undefined ? {} : { database }),
    ...(ca === undefined ? {} : { tls: { ca_cert: ca } }),
    ...(tls === 'require' ? { http_agent: new Agent(unchecked) } : {}),
  });
}

function bytesRead(summary: string | string[] | undefined): number | undefined {
  if (typeof summary !== 'string') return undefined;
  try {
    const { read_bytes: bytes } = JSON.parse(summary) as { read_bytes?: string };
    return bytes === undefined ? undefined : Number(bytes);
  } catch {
    return undefined;
  }
}
