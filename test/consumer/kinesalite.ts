import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const kinesalite = createRequire(import.meta.url)('kinesalite') as (options: {
  readonly createStreamMs: number;
  readonly deleteStreamMs: number;
  readonly updateStreamMs: number;
}) => Server;

/** A server of another author, in this process. */
export async function startKinesalite(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = kinesalite({ createStreamMs: 10, deleteStreamMs: 10, updateStreamMs: 10 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
