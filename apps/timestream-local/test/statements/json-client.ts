import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The server's answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * The service's JSON protocol over one open connection, one request at a time. An SDK takes several
 * times as long as most statements.
 */
export class JsonClient implements Disposable {
  readonly #port: number;
  #socket: Socket | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The answer in progress, once its head has arrived. */
  #expected: { readonly status: number; readonly from: number; readonly to: number } | undefined;
  #waiting: PromiseWithResolvers<Answer> | undefined;

  /** @param port on the loopback interface */
  constructor(port: number) {
    this.#port = port;
  }

  /** @throws {Error} when the connection is refused, or ends before the answer */
  call(operation: string, input: object): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(input));
    const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: Timestream_20181101.${operation}\r\nContent-Length: ${body.length}\r\n\r\n`;
    return this.#send(Buffer.concat([Buffer.from(head), body]));
  }

  /** Sends a GET for a path, e.g. for the health checks. */
  get(path: string): Promise<Answer> {
    return this.#send(Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n\r\n`));
  }

  [Symbol.dispose](): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #send(request: Buffer): Promise<Answer> {
    if (this.#waiting) throw new Error('sending a request: another is under way');
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting = waiting;
    try {
      this.#socket ??= await this.#connect();
      this.#socket.write(request);
      return await waiting.promise;
    } finally {
      this.#waiting = undefined;
    }
  }

  async #connect(): Promise<Socket> {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const onEnd = (error?: Error) => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#reset();
      this.#waiting?.reject(error ?? new Error('the server ended the connection'));
    };
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', onEnd);
    socket.on('close', () => onEnd());
    return socket;
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (!this.#expected) this.#readHead();
    const expected = this.#expected;
    if (!expected || this.#bytes < expected.to) return;
    const body = Buffer.concat(this.#chunks).toString('utf8', expected.from, expected.to);
    this.#reset();
    this.#waiting?.resolve({ status: expected.status, body });
  }

  #readHead(): void {
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    const end = whole.indexOf(headEnd);
    if (end === -1) return;
    const head = whole.toString('latin1', 0, end);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const from = end + headEnd.length;
    this.#expected = { status: Number(head.slice(9, 12)), from, to: from + length };
  }

  #reset(): void {
    this.#chunks = [];
    this.#bytes = 0;
    this.#expected = undefined;
  }
}
