import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { EventStream } from '../operations/event-stream.ts';
import type { WireFormat } from '../wire/wire-formats.ts';
import { encodeEvent } from './encode-event.ts';

/**
 * Sends events as fast as the client reads them, until there are no more or the client disconnects.
 */
export async function sendEventStream(
  response: ServerResponse,
  stream: EventStream,
  options: { readonly wire: WireFormat; readonly signal: AbortSignal },
): Promise<void> {
  const { wire, signal } = options;
  response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
  const send = async (type: string, value: object) => {
    const headers = {
      ':event-type': type,
      ':content-type': wire.contentType,
      ':message-type': 'event',
    };
    const isTaken = response.write(encodeEvent(headers, Buffer.from(wire.encode(value))));
    if (!isTaken) await once(response, 'drain', { signal });
  };
  try {
    await send('initial-response', {});
    for await (const { type, value } of stream.events) await send(type, value);
  } catch (error) {
    // A client may disconnect at any time.
    if (!signal.aborted) throw error;
  }
  response.end();
}
