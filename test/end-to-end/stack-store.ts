import { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { startPostgres } from '@highwater/postgres-server';
import type { LocalStack } from '../../apps/local/src/index.ts';
import { temporaryPostgres } from '../store-contract/temporary-postgres.ts';
import { postgresRows, timestreamRows } from './stored-rows.ts';

/** Engines on which the pipeline is tested. */
export type Engine = 'timestream' | 'postgres';

/** The store of a local stack. */
export interface StackStore extends AsyncDisposable {
  /** What the stack is told; undefined for timestream-local, which it starts itself. */
  readonly choice:
    { readonly store: string; readonly password: Readonly<Record<string, string>> } | undefined;
  /** Every row, as `identity -> value`, named as the expected ones are. */
  rows(stack: LocalStack): Promise<ReadonlyMap<string, string>>;
  /** Ends the server as a crash would. */
  kill(stack: LocalStack): Promise<void>;
  /** Starts it again at the same address, and waits until it answers. */
  restart(stack: LocalStack): Promise<void>;
}

/** Opens the store of a stack that starts next. */
export function openStackStore(engine: Engine): Promise<StackStore> {
  return engine === 'postgres' ? openPostgres() : openTimestream();
}

async function openTimestream(): Promise<StackStore> {
  const name = 'timestream-local';
  return {
    choice: undefined,
    async rows({ timestreamUrl: endpoint }) {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const query = new TimestreamQueryClient({ region: 'us-east-1', endpoint, credentials });
      try {
        return await timestreamRows(query);
      } finally {
        query.destroy();
      }
    },
    async kill(stack) {
      await stack.kill(name, 'SIGKILL');
    },
    async restart(stack) {
      await stack.restart(name);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** A server of the test, because the stack does not start one again that has ended. */
async function openPostgres(): Promise<StackStore> {
  const temporary = await temporaryPostgres();
  const { directory } = temporary;
  let { server } = temporary;
  const url = new URL(server.url);
  const HW_STORE_PASSWORD = url.password;
  url.password = '';
  return {
    choice: { store: url.href, password: { HW_STORE_PASSWORD } },
    rows: () => postgresRows(server.url),
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
    },
    async restart() {
      server = await startPostgres({ directory, port: server.port });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await temporary[Symbol.asyncDispose]();
    },
  };
}
