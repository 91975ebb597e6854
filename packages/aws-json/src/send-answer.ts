import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { BodyFormat } from './body-format.ts';

/** Sends an answer that is whole, unless nobody is left to take it. */
export function sendAnswer(
  response: ServerResponse,
  answer: { readonly status: number; readonly value: unknown; readonly format: BodyFormat },
): void {
  if (response.destroyed) return;
  const { status, value, format } = answer;
  const body = value === undefined ? '' : format.encode(value);
  response.writeHead(status, {
    'x-amzn-RequestId': randomUUID(),
    'content-type': format.contentType,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
