import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The parts of S3 that the state store uses: whole objects in one bucket, conditional puts. */
export interface ScriptedS3 extends AsyncDisposable {
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** Performs the next put, but drops its reply. */
  loseNextReply(): void;
  /** Answers the next request with this status and code, and does nothing else. */
  refuseNext(status: number, code: string): void;
}

export async function startScriptedS3(): Promise<ScriptedS3> {
  const objects = new Map<string, Buffer>();
  let isLosing = false;
  let refusal: { status: number; code: string } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const key = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname);
      const fail = (status: number, code: string) => {
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(`<Error><Code>${code}</Code><Message>${code}.</Message></Error>`);
      };
      if (refusal) {
        fail(refusal.status, refusal.code);
        refusal = undefined;
        return;
      }
      const found = objects.get(key);
      if (request.method === 'PUT') {
        if (found && request.headers['if-none-match'] === '*') {
          return fail(412, 'PreconditionFailed');
        }
        objects.set(key, body(Buffer.concat(chunks), request.headers['content-encoding']));
        if (isLosing) {
          isLosing = false;
          request.socket.destroy();
          return;
        }
        response.writeHead(200, { etag: '"1"' }).end();
      } else if (request.method === 'DELETE') {
        objects.delete(key);
        response.writeHead(204).end();
      } else if (found) {
        response.writeHead(200, { 'content-length': found.length }).end(found);
      } else {
        fail(404, 'NoSuchKey');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    loseNextReply: () => (isLosing = true),
    refuseNext: (status, code) => (refusal = { status, code }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The SDK may send a body in chunks of its own framing, followed by a checksum. */
function body(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding?.includes('aws-chunked') !== true) return bytes;
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString(), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
