import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The answer to an operation: a body, an exception, or nothing. */
export type Scripted = object | { readonly exception: string } | 'silent';

/** A server that answers AWS calls as the test specifies. */
export interface ScriptedAws extends AsyncDisposable {
  readonly url: string;
  /**
   * Operations in the order of their arrival: `DescribeTable`, or `GET` if there are only paths.
   */
  readonly operations: readonly string[];
}

/** @param script answers by operation; other operations are rejected with AccessDeniedException */
export async function startScriptedAws(
  script: Readonly<Record<string, Scripted>>,
): Promise<ScriptedAws> {
  const operations: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    await text(request);
    const target = request.headers['x-amz-target'];
    const operation =
      target === undefined ? String(request.method) : (String(target).split('.').at(-1) ?? '');
    operations.push(operation);
    const answered = script[operation] ?? { exception: 'AccessDeniedException' };
    if (answered === 'silent') return;
    if ('exception' in answered) {
      const type = answered.exception;
      const isS3 = target === undefined;
      response.writeHead(isS3 ? 403 : 400, {
        'content-type': isS3 ? 'application/xml' : 'application/x-amz-json-1.1',
      });
      response.end(
        isS3
          ? `<Error><Code>${type}</Code><Message>the test says so</Message></Error>`
          : JSON.stringify({ __type: type, message: 'the test says so' }),
      );
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', etag: '"1"' });
    response.end(target === undefined ? '' : JSON.stringify(answered));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    operations,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
