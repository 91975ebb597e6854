import type { Clock } from '@highwater/model';
import { removePostgres, startPostgres } from '@highwater/postgres-server';
import { createLogger } from '@highwater/service';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { postgresDirectory, type DataDirectory } from './data-directory.ts';
import { ServiceCrashedError } from './errors.ts';
import { renderLogLine, ServiceLog } from './service-log.ts';
import { shownPath } from './shown-path.ts';

/** Where the stack stores rows, and the settings with which its programs get there. */
export interface LocalStore extends AsyncDisposable {
  /** Settings of the services that write to it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings of the dashboard, where everybody who can open it can run statements. */
  readonly readerSettings: Readonly<Record<string, string>>;
  /** For the table of services, without a password. */
  readonly shownUrl: string;
  /** In the form that a person would type; absent for a store that the stack has not started. */
  readonly logFile?: string | undefined;
  /** Resolves when it has ended; absent for a store that the stack has not started. */
  readonly ended?: Promise<ServiceCrashedError> | undefined;
}

/** Which store a person wants: one of the stack's own, or theirs, by its URL and their password. */
export interface StoreChoice {
  /** `timestream`, `postgres`, or a URL as in `HW_STORE`. */
  readonly store: string;
  /** Settings of the password that goes with a URL. */
  readonly password: Readonly<Record<string, string>>;
}

/** The file with the whole address, password included, for `psql "$(cat …)"`. */
export const postgresUrlFile = 'postgres-url';

/** Starts a PostgreSQL server in the data directory, and waits until it accepts connections. */
export async function startLocalPostgres(options: {
  readonly data: DataDirectory;
  readonly port: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<LocalStore> {
  const { data, port, clock, signal } = options;
  const directory = postgresDirectory(data.path);
  // Under root, its files may be outside, where they stay when a person removes the data directory.
  if (!(await isThere(directory))) await removePostgres(directory);
  await using cleanUp = new AsyncDisposableStack();
  const file = new ServiceLog(join(data.logs, 'postgres.log'));
  const destination = new PassThrough();
  file.take(destination);
  cleanUp.defer(() => file.close());
  const server = cleanUp.use(
    await startPostgres({
      directory,
      ...(port !== 0 && { port }),
      log: createLogger({ name: 'postgres', level: 'debug', clock, destination }),
      signal,
    }),
  );
  await writeFile(join(data.path, postgresUrlFile), `${server.url}\n`, { mode: 0o600 });
  const settings = settingsOf(server.url);
  const logFile = shownPath(file.path);
  const ended = server.ended.then((cause) => {
    const lastLines = file.lastLines.map(renderLogLine);
    const what = `it ended with ${cause}`;
    return new ServiceCrashedError({ service: 'postgres', what, logFile, lastLines });
  });
  const running = cleanUp.move();
  return {
    settings,
    readerSettings: settingsOf(server.readerUrl),
    shownUrl: settings.HW_STORE,
    logFile,
    ended,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A URL with a password as two settings. */
function settingsOf(full: string) {
  const url = new URL(full);
  const { password } = url;
  url.password = '';
  return { HW_STORE: url.href, HW_STORE_PASSWORD: decodeURIComponent(password) };
}

/** The store of the person who starts the stack. It is neither started nor stopped here. */
export function ownStore({ store, password }: StoreChoice): LocalStore {
  const settings = { HW_STORE: store, ...password };
  return {
    settings,
    readerSettings: settings,
    shownUrl: store,
    [Symbol.asyncDispose]: async () => {},
  };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
