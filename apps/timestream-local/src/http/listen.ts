import { explainListenError } from '@highwater/service';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A certificate and its key, as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Serves TLS too, on the same port. */
  readonly tls?: TlsFiles | undefined;
  readonly serve: RequestListener;
}

export interface Listener extends AsyncDisposable {
  readonly port: number;
}

/** Each may hold a request's body in memory. Further ones are closed at once. */
const connectionsMax = 1000;

/** How every TLS connection starts: a handshake record. No request in plain HTTP does. */
const tlsHandshake = 0x16;

/** A connection that never comes to a request is closed, also so that the server can end. */
const handshakeTimeoutMs = 10_000;

/**
 * Listens for HTTP/1.1, and within TLS too when there is a certificate: the first byte of a
 * connection tells which it is, so that no client needs a setting.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function listen({ host, port, tls, serve }: ListenOptions): Promise<Listener> {
  const http = createHttpServer({ keepAliveTimeout: 65_000 }, serve);
  const silent = new Set<Socket>();
  const server = tls ? sorter(http, tls, silent) : http;
  server.maxConnections = connectionsMax;
  // A connection that was busy at the end is kept alive for nobody.
  http.on('request', (_request, response) => {
    response.once('close', () => {
      if (!server.listening) http.closeIdleConnections();
    });
  });
  await untilListening(server, { host, port });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => close(server, http, silent),
  };
}

/** Gives connections to HTTP, by way of TLS where they begin so. */
function sorter(http: Server, tls: TlsFiles, silent: Set<Socket>): NetServer {
  const toHttp = (socket: Socket) => http.emit('connection', socket);
  const secure = createTlsServer(
    { ...tls, ALPNProtocols: ['http/1.1'], handshakeTimeout: handshakeTimeoutMs },
    toHttp,
  ).on('tlsClientError', (_error, socket) => socket.destroy());
  return createServer({ noDelay: true }, (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
    // A connection that breaks is the client's business.
    socket.on('error', () => socket.destroy());
    onFirstBytes(socket, (start) => {
      silent.delete(socket);
      if (start[0] === tlsHandshake) secure.emit('connection', socket);
      else toHttp(socket);
    });
  });
}

/** Looks at what a connection starts with, and leaves it there to be read. */
function onFirstBytes(socket: Socket, look: (start: Buffer) => void): void {
  const onReadable = () => {
    const start = socket.read() as Buffer | null;
    // Also called when the connection ends before it has begun.
    if (start === null) return;
    socket.off('readable', onReadable);
    socket.unshift(start);
    look(start);
  };
  socket.on('readable', onReadable);
}

async function untilListening(
  server: NetServer,
  { host, port }: Pick<ListenOptions, 'host' | 'port'>,
): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen({ host, port }, listening.resolve);
  try {
    await listening.promise;
  } catch (error) {
    const portVariable = 'HW_TIMESTREAM_LOCAL_PORT';
    throw await explainListenError(error, { host, port, portVariable });
  }
  server.removeListener('error', listening.reject);
}

/** Requests under way are answered; idle connections are cut. */
async function close(server: NetServer, http: Server, silent: Set<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  for (const socket of silent) socket.destroy();
  http.closeIdleConnections();
  await closed.promise;
}
