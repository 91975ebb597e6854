import type { IncomingMessage } from 'node:http';
import { isPrivateName, nameOfHost } from './host-names.ts';

/** Who may send requests to a port. */
export interface RequestRules {
  /** Names of this port in lower case, in addition to the names that no website can have. */
  readonly names: readonly string[];
  /** The setting that lists these names, for messages. */
  readonly setting: string;
  /** `none`: an API that only programs call; `own`: pages of this port itself. */
  readonly pages: 'none' | 'own';
  /** Whether a link on another site may lead to a path. @default none */
  readonly isPage?: ((path: string) => boolean) | undefined;
}

/** Why a request is rejected, with the HTTP status for it. */
export interface Refusal {
  readonly status: 421 | 403;
  readonly message: string;
}

/** The parts of a request that are checked. Both versions of HTTP have them. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>;

/**
 * Finds the reason to reject a request: it names a host that is not this one, or a web page of
 * another site sent it. Nothing else may happen before this check: no answer, no work, and no
 * counting.
 *
 * @returns undefined when the request may be answered
 */
export function checkRequest(request: RequestHead, rules: RequestRules): Refusal | undefined {
  return checkHost(request, rules) ?? checkOrigin(request, rules);
}

function checkHost(request: RequestHead, { names, setting }: RequestRules): Refusal | undefined {
  const hosts = hostsOf(request);
  const foreign = hosts.find((host) => {
    const name = nameOfHost(host);
    return name === undefined || !(isPrivateName(name) || names.includes(name));
  });
  if (hosts.length > 0 && foreign === undefined) return undefined;
  const message =
    foreign === undefined
      ? 'requests without a Host header are rejected; send one'
      : `requests for the host ${quote(foreign)} are rejected; if that is a name of this server, add it to ${setting}`;
  return { status: 421, message };
}

/** Every host that a request names, in any place. */
function hostsOf({ url = '/', rawHeaders }: RequestHead): readonly string[] {
  const hosts = [...valuesOf(rawHeaders, 'host'), ...valuesOf(rawHeaders, ':authority')];
  // In `GET http://name/ HTTP/1.1`, the name in the target takes precedence over the header.
  const isPath = url.startsWith('/') || url === '*';
  return isPath
    ? hosts
    : [...hosts, url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[/?#]/, 1)[0] ?? ''];
}

function checkOrigin(request: RequestHead, rules: RequestRules): Refusal | undefined {
  const { rawHeaders } = request;
  const [origin] = valuesOf(rawHeaders, 'origin');
  const [site] = valuesOf(rawHeaders, 'sec-fetch-site');
  if (origin === undefined && site === undefined) return undefined;
  if (rules.pages === 'none') {
    const message =
      'requests from web pages (with Origin or Sec-Fetch-Site) are rejected, to keep web sites from using this server through a browser; call it from a program';
    return { status: 403, message };
  }
  const isElsewhere = site === 'cross-site' || site === 'same-site';
  if (
    isElsewhere ? isLink(request, rules) : origin === undefined || isOwn(origin, request, rules)
  ) {
    return undefined;
  }
  const from = origin === undefined ? 'another site' : quote(origin);
  const message = `requests from pages of ${from} are rejected; if that is a name of this server, add it to ${rules.setting}`;
  return { status: 403, message };
}

/** A followed link shows a page, but its site cannot read the answer. */
function isLink({ method, url = '/', rawHeaders }: RequestHead, { isPage }: RequestRules): boolean {
  const has = (name: string, value: string) => valuesOf(rawHeaders, name)[0] === value;
  const isNavigation = has('sec-fetch-mode', 'navigate') && has('sec-fetch-dest', 'document');
  const path = url.split('?', 1)[0] ?? '';
  return method === 'GET' && isNavigation && isPage?.(path) === true;
}

/** A proxy may pass its own name as the host, so a name from the setting is enough. */
function isOwn(origin: string, request: RequestHead, { names }: RequestRules): boolean {
  const url = URL.parse(origin);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  if (names.includes(nameOfHost(url.host) ?? '')) return true;
  return hostsOf(request).every((host) => URL.parse(`${url.protocol}//${host}`)?.host === url.host);
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter(
    (_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name,
  );
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
