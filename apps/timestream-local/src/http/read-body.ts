import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';

/**
 * Reads a request's body as UTF-8 text.
 *
 * @throws {ApiError} RequestEntityTooLargeException beyond `bytesMax`; the rest is not kept
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read on to the end without keeping it: answering mid-body resets many clients' connections.
    if (bytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > bytesMax) {
    const message = `Request body of ${bytes} bytes exceeds the limit of ${bytesMax} bytes.`;
    throw new ApiError('RequestEntityTooLargeException', message, { namespace: 'protocol' });
  }
  const [first] = chunks;
  return (chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString('utf8');
}
