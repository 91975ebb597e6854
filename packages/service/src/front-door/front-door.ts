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
  /** Also serves TLS, on the same port. */
  readonly tls?: TlsFiles | undefined;
  /** Also serves HTTP/2, on the same port. @default false */
  readonly hasHttp2?: boolean | undefined;
  /** A client that asks whether it may send a larger body gets a no. @default no limit */
  readonly bodyBytesMax?: number | undefined;
  readonly limits?: Partial<FrontDoorLimits> | undefined;
}

/** A Node server that enforces the limits on its connections. It still has to listen. */
export interface FrontDoor {
  readonly server: Server;
  readonly connections: Connections;
}

/** More would only queue in the client. A subscription takes one stream. */
const http2StreamsMax = 1_000;
const http2HeaderBytesMax = 65_536;

/**
 * Makes the server of a port: HTTP/1.1, plus HTTP/2 and TLS if requested. It detects the protocol
 * from the first bytes of a connection, so clients need no setting.
 *
 * The server itself listens, because Node checks the time limits of HTTP/1.1 only then.
 */
export function createFrontDoor(options: FrontDoorOptions): FrontDoor {
  const limits = { ...frontDoorLimits, ...options.limits };
  const connections = new Connections(limits);
  const server = createServer({
    noDelay: true,
    headersTimeout: limits.headersMs,
    // Longer than the limit of the body reader, which answers in the format of the API.
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
    // A broken connection is the client's problem. The code that uses it learns about it elsewhere.
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
    // Data after the last request of a connection is ignored.
    if (socket.writableEnded) return;
    lines.get(socket)?.follow(request, response);
    serve(request, response);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Without its body, the connection cannot be reused.
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
  // Node's HTTP/2 requests and responses are designed to be used like those of HTTP/1.1.
  server.on('request', (request, response) => {
    const { stream } = response;
    // After an answer, the client need not send the rest.
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

/**
 * TLS on a connection. A connection that never finishes its handshake never sends a request, and is
 * closed for that.
 */
function tlsDoor({ tls, hasHttp2 }: FrontDoorOptions) {
  if (tls === undefined) return undefined;
  const ALPNProtocols = hasHttp2 === true ? ['h2', 'http/1.1'] : ['http/1.1'];
  // Node's server does not say which connection a secure socket belongs to. Both have the same
  // client port.
  const shaking = new Map<string, (within: TLSSocket) => void>();
  const server = createTlsServer({ ...tls, ALPNProtocols });
  server.on('secureConnection', (within) => {
    // The server listens for errors later. Until then, nothing would.
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
