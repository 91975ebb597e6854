import { Agent, request } from 'node:http';

/** A call's reply. */
export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Calls the API with bodies that are made beforehand. The SDK would need most of a core to encode
 * and decode, and the two cores at hand are for the server and for this.
 */
export class ApiClient implements Disposable {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(port: number) {
    this.#port = port;
  }

  post(operation: string, body: Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          agent: this.#agent,
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.1',
            'content-length': body.length,
            'x-amz-target': `Kinesis_20131202.${operation}`,
            'x-amz-date': '20260101T000000Z',
            authorization:
              'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00',
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }

  /** @throws {Error} with the server's words when it refuses */
  async call<T>(operation: string, value: object): Promise<T> {
    const { status, body } = await this.post(operation, Buffer.from(JSON.stringify(value)));
    if (status !== 200) throw new Error(`calling ${operation}: ${status} ${body.toString()}`);
    return (body.length === 0 ? {} : JSON.parse(body.toString())) as T;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
