import { BodyError, type Bodies } from '@highwater/service/front-door';
import { ServiceException } from '@highwater/kinesis-engine';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusals } from '../http/refusal.ts';
import { serveAdmin, type AdminContext, type AdminReply } from './serve-admin.ts';

/** Dependencies of the admin endpoint. */
export interface AdminDoor extends AdminContext {
  readonly bodies: Bodies;
}

const adminPath = '/_admin/';
const bodyBytesMax = 1024 * 1024;

/** Whether a request is for the admin endpoint. */
export function isAdminRequest({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(adminPath);
}

/** Answers one request to the admin endpoint, in JSON. */
export async function answerAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  context: AdminDoor,
): Promise<void> {
  const { status, value } = await reply(request, response, context).catch((error: unknown) => ({
    status: statusOf(error),
    value: { error: String(error) },
  }));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function statusOf(error: unknown): number {
  if (error instanceof BodyError) return refusals[error.problem].status;
  return error instanceof ServiceException ? 404 : 400;
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  context: AdminDoor,
): Promise<AdminReply> {
  const { method = '', url = '', headers } = request;
  const type = headers['content-type']?.split(';', 1)[0]?.trim();
  // A page may send a form or plain text to another site without permission.
  if (method !== 'GET' && type !== 'application/json') {
    return {
      status: 415,
      value: { error: 'send the request with content-type: application/json' },
    };
  }
  const body = await context.bodies.read(request, response, bodyBytesMax);
  return serveAdmin({ method, path: url.slice(adminPath.length), body }, context);
}
