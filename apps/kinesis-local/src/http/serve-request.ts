import { checkRequest } from '@highwater/service/front-door';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerAdmin, isAdminRequest, type AdminDoor } from '../admin/answer-admin.ts';
import { formatOf, sendReply, serveApi, type ApiContext } from './serve-api.ts';
import { isIdentityRequest, serveIdentity } from './serve-identity.ts';

/** What every request is served with. */
export interface ServerContext extends ApiContext, AdminDoor {
  /** Names of this server besides those that no web site can have. */
  readonly hostNames: readonly string[];
}

/** Answers a request of any kind, unless it is one that nobody but a web page would send. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: ServerContext,
): Promise<void> {
  const { account, hostNames: names, log, metrics, bodies } = context;
  const setting = 'HW_KINESIS_LOCAL_HOST_NAMES';
  const refusal = checkRequest(request, { names, setting, pages: 'none' });
  if (refusal !== undefined) {
    const { status, message } = refusal;
    const __type = status === 421 ? 'MisdirectedRequestException' : 'AccessDeniedException';
    metrics.requests.inc({ operation: 'unknown', outcome: __type });
    sendReply(response, { status, value: { __type, message }, wire: formatOf(request) });
    return;
  }
  try {
    if (isAdminRequest(request, context)) await answerAdmin(request, response, context);
    else if (isIdentityRequest(request)) {
      await serveIdentity(request, response, { accountId: account.accountId, metrics, bodies });
    } else await serveApi(request, response, context);
  } catch (error) {
    // Only a body that was not read comes here.
    log.debug({ err: error }, 'A request was not read to its end.');
    response.destroy();
  }
}
