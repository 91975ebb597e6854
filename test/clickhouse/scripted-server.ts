import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a server says to one request. */
export interface ScriptedReply {
  readonly status: number;
  readonly body: string;
}

/** A server that says to each statement what a test wants, and remembers the statements. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  readonly statements: readonly string[];
}

/**
 * @param replyTo what to say to a statement with these settings; undefined to break the connection
 * @param tls the server's certificate, if it speaks HTTPS
 */
export async function startScriptedServer(
  replyTo: (statement: string, settings: URLSearchParams) => ScriptedReply | undefined,
  tls?: ServerOptions,
): Promise<ScriptedServer> {
  const statements: string[] = [];
  const listener: RequestListener = (request, reply) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const query = searchParams.get('query');
    const answer = async () => {
      const statement = query ?? String(await buffer(request));
      if (query !== null) await buffer(request);
      statements.push(statement);
      const said = replyTo(statement, searchParams);
      if (said) reply.writeHead(said.status).end(said.body);
      else reply.destroy();
    };
    answer().catch(() => reply.destroy());
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    statements,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
