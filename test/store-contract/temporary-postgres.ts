import { startPostgres, type PostgresServer } from '@highwater/postgres-server';
import { chmod, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server whose files are removed with it. */
export interface TemporaryPostgres extends AsyncDisposable {
  readonly server: PostgresServer;
  readonly directory: string;
}

/** Starts a PostgreSQL server in a directory of its own. */
export async function temporaryPostgres(): Promise<TemporaryPostgres> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await mkdtempDisposable(join(tmpdir(), 'highwater-postgres-')));
  // Under root the server is another user, who has to get in.
  await chmod(path, 0o711);
  const server = stack.use(await startPostgres({ directory: path }));
  const owned = stack.move();
  return { server, directory: path, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
