import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedRequest {
  readonly operation: string;
  readonly text: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/**
 * `lost`: the request was received, but the connection breaks before the reply. `silent`: no reply.
 */
export type Reply = { readonly status: number; readonly body: unknown } | 'lost' | 'silent';

export const written: Reply = {
  status: 200,
  body: { RecordsIngested: { Total: 1, MemoryStore: 1, MagneticStore: 0 } },
};

export function table(status: string): Reply {
  const RetentionProperties = {
    MemoryStoreRetentionPeriodInHours: 24,
    MagneticStoreRetentionPeriodInDays: 7,
  };
  return { status: 200, body: { Table: { TableStatus: status, RetentionProperties } } };
}

/** An error in the wording of the service. */
export function refusal(status: number, name: string, message: string, more: object = {}): Reply {
  const __type = `com.amazonaws.timestream.v20181101#${name}`;
  return { status, body: { __type, message, ...more } };
}

/**
 * A Timestream endpoint on a real socket that gives the answers of the test.
 *
 * @param answer receives the request and how many requests of the same operation came before it
 */
export async function startScriptedServer(
  answer: (request: ScriptedRequest, index: number) => Reply | Promise<Reply>,
) {
  const requests: ScriptedRequest[] = [];
  const server = createServer((request, response) => void respond(request, response));

  async function respond(incoming: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const operation = String(incoming.headers['x-amz-target']).replace('Timestream_20181101.', '');
    const { Records: records = [] } = JSON.parse(text) as { Records?: ScriptedRequest['records'] };
    const request = { operation, text, records };
    const index = requests.filter((other) => other.operation === operation).length;
    requests.push(request);
    const reply = await answer(request, index);
    if (reply === 'lost') incoming.socket.destroy();
    if (reply === 'lost' || reply === 'silent') return;
    response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    of: (operation: string) => requests.filter((request) => request.operation === operation),
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
