import { once } from 'node:events';
import { createServer, request as forward, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The fate of a request: it goes through, is rejected, is cut off, or is never answered. */
export type Fate = 'pass' | 'cut' | 'silent' | { readonly status: number; readonly type: string };

/** A proxy for a server of the AWS JSON protocol. */
export interface FaultyProxy extends AsyncDisposable {
  readonly url: string;
  /** Operations in the order of their arrival, e.g. `DescribeTable`. */
  readonly operations: readonly string[];
}

/**
 * A proxy on a real socket that handles each request as the test decides.
 *
 * @param decide receives the operation, and how many requests came before
 */
export async function startFaultyProxy(
  target: string,
  decide: (operation: string, index: number) => Fate,
): Promise<FaultyProxy> {
  const operations: string[] = [];
  const server = createServer((incoming, response) => {
    const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '';
    const fate = decide(operation, operations.length);
    operations.push(operation);
    if (fate === 'cut') return void incoming.socket.destroy();
    if (fate === 'silent') return;
    if (fate !== 'pass') return refuse(response, fate);
    const { method, url, headers } = incoming;
    const outgoing = forward(new URL(url ?? '/', target), { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    operations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function refuse(response: ServerResponse, { status, type }: { status: number; type: string }) {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ __type: type, message: `the test says ${type}` }));
}
