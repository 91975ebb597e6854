import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy whose clients do not learn of some of what the server did. */
export interface LossyProxy extends AsyncDisposable {
  readonly port: number;
  /** Replies that were thrown away. */
  readonly lostCount: number;
}

/**
 * Forwards each request to a server, and breaks the connection in place of some replies.
 *
 * @param portOf the server's port, which may change
 * @param loses whether to lose the reply to a request
 */
export async function startLossyProxy(
  portOf: () => number,
  loses: (request: IncomingMessage) => boolean,
): Promise<LossyProxy> {
  let lostCount = 0;
  const answer = async (incoming: IncomingMessage, reply: ServerResponse) => {
    const { method, url } = incoming;
    const { 'transfer-encoding': _chunked, ...headers } = incoming.headers;
    const body = await buffer(incoming);
    const forwarded = request({
      port: portOf(),
      method,
      path: url,
      headers: { ...headers, 'content-length': body.length, connection: 'close' },
    });
    forwarded.end(body);
    const [response] = (await once(forwarded, 'response')) as [IncomingMessage];
    const output = await buffer(response);
    if (loses(incoming)) {
      lostCount += 1;
      reply.destroy();
    } else reply.writeHead(response.statusCode ?? 500, response.headers).end(output);
  };
  const server = createServer((incoming, reply) => {
    // The server is not there, or went away: so is the connection to the client.
    answer(incoming, reply).catch(() => reply.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get lostCount() {
      return lostCount;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
