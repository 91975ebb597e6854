import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';

/** Breaks the connection that a response belongs to, with all that goes on in it. */
export function cutConnection(response: ServerResponse): void {
  const { stream } = response as unknown as Partial<Http2ServerResponse>;
  if (stream !== undefined) stream.session?.destroy();
  else response.socket?.resetAndDestroy();
}
