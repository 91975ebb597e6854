import type { Bodies } from '@highwater/service/front-door';
import { ServiceException } from '@highwater/kinesis-engine';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalOf } from '../http/refusal.ts';
import { serveAdmin, type AdminContext, type AdminReply } from './serve-admin.ts';

/** What the admin endpoint is served with. */
export interface AdminDoor extends AdminContext {
  readonly bodies: Bodies;
  readonly hasAdmin: boolean;
}

const adminPath = '/_admin/';
const bodyBytesMax = 1024 * 1024;

/** Whether a request is for the admin endpoint, and that is served. */
export function isAdminRequest({ url = '' }: IncomingMessage, { hasAdmin }: AdminDoor): boolean {
  return hasAdmin && url.startsWith(adminPath);
}

/** Answers one request to the admin endpoint, in JSON. */
export async function answerAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  context: AdminDoor,
): Promise<void> {
  const { status, value } = await reply(request, response, context).catch((error: unknown) => ({
    status: refusalOf(error)?.status ?? (error instanceof ServiceException ? 404 : 400),
    value: { error: String(error) },
  }));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  context: AdminDoor,
): Promise<AdminReply> {
  const { method = '', url = '', headers } = request;
  const type = headers['content-type']?.split(';', 1)[0]?.trim();
  // A form or a plain text is what a page may send to another site without being asked.
  if (method !== 'GET' && type !== 'application/json') {
    return { status: 415, value: { error: 'send it with content-type: application/json' } };
  }
  const body = await context.bodies.read(request, response, bodyBytesMax);
  return serveAdmin({ method, path: url.slice(adminPath.length), body }, context);
}
