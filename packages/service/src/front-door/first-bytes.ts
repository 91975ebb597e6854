import type { Socket } from 'node:net';

/** How every HTTP/2 connection starts; nothing in HTTP/1.1 does. */
const http2Preface = Buffer.from('PRI * HTTP/2.0');
/** How every TLS connection starts: a handshake record. No request in plain HTTP does. */
const tlsHandshake = 0x16;

/** What a connection turned out to be. */
export type Protocol = 'http1' | 'http2' | 'tls';

/**
 * Looks at what a connection starts with, and leaves it there to be read. A client may send it byte by
 * byte; one that never does is for a time limit to end.
 */
export function onProtocol(socket: Socket, use: (protocol: Protocol) => void): void {
  let start = Buffer.alloc(0);
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    // Also called when the connection ends before it has begun.
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
