import type { Logger } from '@highwater/model';
import { startPostgres } from '@highwater/postgres-server';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the stack stores rows, and the settings with which its programs get there. */
export interface LocalStore extends AsyncDisposable {
  /** Settings of the services that write to it, and of the dashboard. */
  readonly settings: Readonly<Record<string, string>>;
  /** For the table of services, without a password. */
  readonly shownUrl: string;
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
  readonly dataDirectory: string;
  readonly port: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<LocalStore> {
  const { dataDirectory, port, log, signal } = options;
  const server = await startPostgres({
    directory: join(dataDirectory, 'postgres'),
    ...(port !== 0 && { port }),
    log,
    signal,
  });
  await writeFile(join(dataDirectory, postgresUrlFile), `${server.url}\n`, { mode: 0o600 });
  const url = new URL(server.url);
  const { password } = url;
  url.password = '';
  return {
    settings: { HW_STORE: url.href, HW_STORE_PASSWORD: decodeURIComponent(password) },
    shownUrl: url.href,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The store of the person who starts the stack. It is neither started nor stopped here. */
export function ownStore({ store, password }: StoreChoice): LocalStore {
  return {
    settings: { HW_STORE: store, ...password },
    shownUrl: store,
    [Symbol.asyncDispose]: async () => {},
  };
}
