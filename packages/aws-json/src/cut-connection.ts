import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { TLSSocket } from 'node:tls';

/** Breaks the connection that a response belongs to, with all that goes on in it. */
export function cutConnection(response: ServerResponse): void {
  const { stream } = response as unknown as Partial<Http2ServerResponse>;
  const { socket } = response;
  if (stream !== undefined) stream.session?.destroy();
  // Node cannot reset a connection of TLS.
  else if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}
