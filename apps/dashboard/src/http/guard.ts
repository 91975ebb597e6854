import type { ErrorCode } from '@highwater/model';
import { guardRequests } from '@highwater/service/front-door';
import type { FastifyInstance } from 'fastify';

/**
 * Rejects requests with a host name that is not this dashboard's, and requests from pages of other
 * sites.
 *
 * @param names of the page in lower case, besides those that no website can have
 */
export function guard(server: FastifyInstance, names: readonly string[]): void {
  const setting = 'HW_DASHBOARD_HOST_NAMES';
  const isPage = (path: string) => !path.startsWith('/api/');
  guardRequests(server, { names, setting, pages: 'own', isPage }, ({ status, message }) => {
    const code: ErrorCode = status === 421 ? 'HW_DASHBOARD_HOST' : 'HW_DASHBOARD_ORIGIN';
    return { error: { code, message } };
  });
}
