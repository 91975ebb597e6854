import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A certificate and its key, as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** A listening server. */
export interface Listener extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Breaks every connection, and goes on listening. */
  cutConnections(): void;
}

/** How every HTTP/2 connection starts; nothing in HTTP/1.1 does. */
const http2Preface = Buffer.from('PRI * HTTP/2.0');
/** How every TLS connection starts: a handshake record. */
const tlsHandshake = 0x16;

/**
 * Listens for HTTP/1.1 and HTTP/2, and for both within TLS when there is a certificate, all on one
 * port: the first bytes of a connection tell which it is, so that no client needs a setting.
 */
export async function listen(options: {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void;
}): Promise<Listener> {
  const { host, port, tls, serve } = options;
  // Longer than clients keep a connection idle, so that it is never closed under a request.
  const http = createHttpServer({ keepAliveTimeout: 75_000 }, serve);
  // Its requests and responses are made to be used as those of HTTP/1.1 are.
  const http2 = createHttp2Server(serve as unknown as Parameters<typeof createHttp2Server>[1]);
  const plain = (socket: Socket) => {
    onFirstBytes(socket, (start) => {
      const isHttp2 = start.equals(http2Preface.subarray(0, start.length));
      (isHttp2 ? http2 : http).emit('connection', socket);
    });
  };
  const secure =
    tls &&
    createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }, plain).on(
      'tlsClientError',
      (_error, socket) => socket.destroy(),
    );
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // A connection that breaks is the client's business; whoever uses it learns of it elsewhere.
    socket.on('error', () => socket.destroy());
    if (secure === undefined) plain(socket);
    else {
      onFirstBytes(socket, (start) => {
        if (start[0] === tlsHandshake) secure.emit('connection', socket);
        else plain(socket);
      });
    }
  });
  server.listen({ host, port });
  await once(server, 'listening');
  const cutConnections = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    cutConnections,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Looks at what a connection starts with, and leaves it there to be read. */
function onFirstBytes(socket: Socket, look: (start: Buffer) => void): void {
  const onReadable = () => {
    const start = socket.read() as Buffer | null;
    // Also called when the connection ends before it has begun.
    if (start === null) return;
    socket.off('readable', onReadable);
    socket.unshift(start);
    look(start.subarray(0, http2Preface.length));
  };
  socket.on('readable', onReadable);
}
