import type { Socket } from 'node:net';

/** Every HTTP/2 connection starts with this, and no HTTP/1.1 connection does. */
const http2Preface = Buffer.from('PRI * HTTP/2.0');
/** Every TLS connection starts with this, a handshake record. No plain HTTP request does. */
const tlsHandshake = 0x16;

/** The protocol of a connection. */
export type Protocol = 'http1' | 'http2' | 'tls';

/**
 * Looks at the first bytes of a connection, and leaves them there to be read. A client may send
 * them one by one. A time limit must end a client that never sends them.
 */
export function onProtocol(socket: Socket, use: (protocol: Protocol) => void): void {
  let start = Buffer.alloc(0);
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    // Also called when the connection ends before its first bytes.
    if (chunk === null) return;
    start = Buffer.concat([start, chunk]);
    const protocol = protocolOf(start);
    if (protocol === undefined) return;
    socket.off('readable', onReadable).off('end', onEnd);
    socket.unshift(start);
    use(protocol);
  };
  const onEnd = () => socket.destroy();
  socket.on('readable', onReadable).on('end', onEnd);
}

function protocolOf(start: Buffer): Protocol | undefined {
  if (start[0] === tlsHandshake) return 'tls';
  const common = http2Preface.subarray(0, start.length);
  if (!start.subarray(0, common.length).equals(common)) return 'http1';
  return start.length >= http2Preface.length ? 'http2' : undefined;
}
