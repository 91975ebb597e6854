import { once } from 'node:events';
import { request as forward, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { allowing, type Access, type Policy } from './policies.ts';
import { listAccessOf, RequestedAccess, signedScope, type AwsRequest } from './requested-access.ts';

/** The servers behind a gate, one for each name in the scope of a signature. */
export type Targets = Readonly<Record<string, string>>;

/** IAM in front of servers that ask nobody for rights. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Every access that was allowed, as `role Sid action`. */
  readonly used: ReadonlySet<string>;
  /** Every access that was not, in the words of the refusal. */
  readonly refusals: readonly string[];
}

/**
 * Answers as AWS does for roles with these policies. Whose request it is the id of the access key
 * says, which is the name of a role.
 */
export async function startGate(options: {
  readonly policies: Readonly<Record<string, Policy>>;
  readonly targets: Targets;
  readonly tls: { readonly cert: string; readonly key: string };
}): Promise<Gate> {
  const { policies, targets, tls } = options;
  const access = new RequestedAccess();
  const used = new Set<string>();
  const refusals: string[] = [];

  /** @returns why the role may not, or undefined when it may */
  const check = (role: string, each: Access): string | undefined => {
    const policy = policies[role];
    const statement = policy && allowing(policy, each);
    if (statement) {
      used.add(`${role} ${statement.Sid} ${each.action}`);
      return undefined;
    }
    const { action, resource } = each;
    const refusal =
      `User: arn:aws:sts::000000000000:assumed-role/${role}/test is not authorized to perform: ` +
      `${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
    refusals.push(refusal);
    return refusal;
  };

  const handle = async (incoming: Http2ServerRequest, response: Http2ServerResponse) => {
    const { method, url, headers } = incoming;
    const request: AwsRequest = { method, url, headers, body: await buffer(incoming) };
    const scope = signedScope(request);
    const target = scope && targets[scope.service];
    if (!scope || target === undefined)
      throw new Error(`${method} ${url} is not signed for a server`);
    const isS3 = scope.service === 's3';
    const requested = access.of(scope, request);
    const [refusal] = requested.flatMap((each) => check(scope.accessKeyId, each) ?? []);
    if (refusal !== undefined) return refuse(response, isS3, refusal);
    const reply = await send(target, request);
    if (isS3 && reply.statusCode === 404) {
      const unlisted = check(scope.accessKeyId, listAccessOf(url));
      if (unlisted !== undefined) return refuse(response, isS3, unlisted);
    }
    response.writeHead(reply.statusCode ?? 502, endToEnd(reply.headers));
    if (!requested.some((each) => access.isOfInterest(each))) {
      // A subscription ends when either side goes away, and the other side sees it.
      return pipeline(reply, response).catch(() => undefined);
    }
    const body = await buffer(reply);
    for (const each of requested) access.learn(each, body);
    response.end(body);
  };

  const sockets = new Set<Socket>();
  const server = createSecureServer({ ...tls, allowHTTP1: true }, (incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // A disconnected subscriber is not a failure of the gate.
      if (incoming.destroyed || response.destroyed) return;
      refusals.push(String(error));
      response.writeHead(500).end(String(error));
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    used,
    refusals,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function send(target: string, { method, url, headers, body }: AwsRequest) {
  const { host } = new URL(target);
  const outgoing = forward(new URL(url, target), {
    method,
    headers: { ...endToEnd(headers), host, 'content-length': body.length },
  });
  outgoing.end(body);
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
  return reply;
}

/** The headers that are not of one connection, nor of one version of HTTP. */
function endToEnd(headers: AwsRequest['headers']): IncomingHttpHeaders {
  const ofConnection = /^(:.*|connection|keep-alive|transfer-encoding|http2-settings|upgrade|te)$/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.test(name)));
}

function refuse(response: Http2ServerResponse, isS3: boolean, message: string): void {
  if (isS3) {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end(`<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`);
  } else {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message, Message: message }));
  }
}
