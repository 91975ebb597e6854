import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A listening server. */
export interface Listener extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** How every HTTP/2 connection starts; nothing in HTTP/1.1 does. */
const http2Preface = Buffer.from('PRI * HTTP/2.0');

/**
 * Listens for HTTP/1.1 and HTTP/2 on one port: the first bytes of a connection tell which it is, so
 * that clients of both kinds need no setting.
 */
export async function listen(options: {
  readonly host: string;
  readonly port: number;
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
}): Promise<Listener> {
  const { host, port, serve } = options;
  const http = createHttpServer({ keepAliveTimeout: 75_000 }, serve);
  // Its requests and responses are made to be used as those of HTTP/1.1 are.
  const http2 = createHttp2Server(serve as unknown as Parameters<typeof createHttp2Server>[1]);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    route(socket, { http, http2 });
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function route(
  socket: Socket,
  servers: {
    readonly http: ReturnType<typeof createHttpServer>;
    readonly http2: ReturnType<typeof createHttp2Server>;
  },
): void {
  socket.setNoDelay(true);
  socket.once('readable', () => {
    const start = socket.read() as Buffer | null;
    if (start === null) return;
    socket.unshift(start);
    const head = start.subarray(0, http2Preface.length);
    const isHttp2 = head.equals(http2Preface.subarray(0, head.length));
    (isHttp2 ? servers.http2 : servers.http).emit('connection', socket);
  });
}
