import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { Connections, type Connection } from './connections.ts';
import { onProtocol } from './first-bytes.ts';
import { frontDoorLimits, type FrontDoorLimits } from './limits.ts';
import { RequestLine } from './request-line.ts';

/** A certificate and its key, as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export type Serve = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontDoorOptions {
  readonly serve: Serve;
  /** Serves TLS too, on the same port. */
  readonly tls?: TlsFiles | undefined;
  /** Serves HTTP/2 too, on the same port. @default false */
  readonly hasHttp2?: boolean | undefined;
  /** A client that asks whether it may send a larger body is told no. @default no bound */
  readonly bodyBytesMax?: number | undefined;
  readonly limits?: Partial<FrontDoorLimits> | undefined;
}

/** A server of Node with the limits of its connections; it still has to listen. */
export interface FrontDoor {
  readonly server: Server;
  readonly connections: Connections;
}

/** More would queue in a client for no gain; a subscription takes one stream. */
const http2StreamsMax = 1_000;
const http2HeaderBytesMax = 65_536;

/**
 * Makes the server of a port: HTTP/1.1, and HTTP/2 and TLS where asked for. The first bytes of a
 * connection tell which it is, so that no client needs a setting.
 *
 * The server itself listens, because Node looks at the time limits of HTTP/1.1 only then.
 */
export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const limits = { ...frontDoorLimits, ...options.limits };
  const connections = new Connections(limits);
  const server = createServer({
    noDelay: true,
    headersTimeout: limits.headersMs,
    // Later than the limit of whoever reads the body, which answers in the words of the API.
    requestTimeout: limits.headersMs + 2 * limits.bodyMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkMs,
  });
  const toHttp1 = http1Door(server, options, limits);
  const toHttp2 = options.hasHttp2 === true ? http2Door(options) : undefined;
  const secure = tlsDoor(options);
  const sort = (socket: Socket, connection: Connection) => {
    onProtocol(socket, (protocol) => {
      if (protocol === 'tls' && secure !== undefined && !(socket instanceof TLSSocket)) {
        secure(socket, (within) => sort(within, connection));
      } else if (protocol === 'http2' && toHttp2 !== undefined) toHttp2(socket, connection);
      else toHttp1(socket, connection);
    });
  };
  server.on('connection', (socket: Socket) => {
    const connection = connections.admit(socket);
    if (connection === undefined) return;
    // A connection that breaks is the client's business; whoever uses it learns of it elsewhere.
    socket.on('error', () => socket.destroy());
    if (secure === undefined && toHttp2 === undefined) toHttp1(socket, connection);
    else sort(socket, connection);
  });
  let checking: NodeJS.Timeout | undefined;
  server.on('listening', () => {
    checking = setInterval(() => connections.endSilent(), limits.checkMs).unref();
  });
  server.on('close', () => clearInterval(checking));
  return { server, connections };
}

type Door = (socket: Socket, connection: Connection) => void;

/** Node's own handling of connections, with each request counted on its connection. */
function http1Door(server: Server, options: FrontDoorOptions, limits: FrontDoorLimits): Door {
  const { serve, bodyBytesMax = Infinity } = options;
  const [handle] = server.listeners('connection');
  server.removeAllListeners('connection');
  const lines = new WeakMap<Socket, RequestLine>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    // What comes after the last request that a connection answers is not looked at.
    if (socket.writableEnded) return;
    lines.get(socket)?.follow(request, response);
    serve(request, response);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Without the body this connection cannot be used again.
    if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) {
      response.shouldKeepAlive = false;
    } else response.writeContinue();
    server.emit('request', request, response);
  });
  return (socket, connection) => {
    lines.set(socket, new RequestLine(socket, connection, limits.lingerMs));
    handle?.call(server, socket);
  };
}

function http2Door({ serve, bodyBytesMax = Infinity }: FrontDoorOptions): Door {
  const server: Http2Server = createHttp2Server({
    settings: { maxConcurrentStreams: http2StreamsMax, maxHeaderListSize: http2HeaderBytesMax },
    maxSessionMemory: 10,
  });
  // Its requests and responses are made to be used as those of HTTP/1.1 are.
  server.on('request', (request, response) => {
    const { stream } = response;
    // Whoever is answered need not send the rest.
    stream.once('finish', () => {
      if (!request.complete) stream.close();
    });
    serve(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  });
  server.on('checkContinue', (request, response) => {
    if (Number(request.headers['content-length'] ?? 0) <= bodyBytesMax) response.writeContinue();
    server.emit('request', request, response);
  });
  let arriving: Connection | undefined;
  server.on('session', (session) => {
    const connection = arriving;
    if (connection === undefined) return;
    session.on('stream', (stream) => {
      const end = connection.begin({
        get complete() {
          return stream.endAfterHeaders || stream.readableEnded;
        },
      });
      stream.once('close', end);
    });
  });
  return (socket, connection) => {
    socket.allowHalfOpen = false;
    arriving = connection;
    server.emit('connection', socket);
    arriving = undefined;
  };
}

/** TLS on a connection; one that never finishes its handshake never asks, and is ended for that. */
function tlsDoor({ tls, hasHttp2 }: FrontDoorOptions) {
  if (tls === undefined) return undefined;
  const ALPNProtocols = hasHttp2 === true ? ['h2', 'http/1.1'] : ['http/1.1'];
  // Node's server does not say which connection a secure one lies on; both have the client's port.
  const shaking = new Map<string, (within: TLSSocket) => void>();
  const server = createTlsServer({ ...tls, ALPNProtocols });
  server.on('secureConnection', (within) => {
    // Whoever serves it hears of errors later; until then nobody would.
    within.on('error', () => within.destroy());
    const use = shaking.get(clientOf(within));
    if (use === undefined) within.destroy();
    else use(within);
  });
  server.on('tlsClientError', (_error, within) => within.destroy());
  return (socket: Socket, use: (within: TLSSocket) => void) => {
    const client = clientOf(socket);
    shaking.set(client, use);
    socket.once('close', () => {
      if (shaking.get(client) === use) shaking.delete(client);
    });
    socket.allowHalfOpen = false;
    server.emit('connection', socket);
  };
}

function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
