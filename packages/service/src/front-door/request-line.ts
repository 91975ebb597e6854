import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection } from './connections.ts';

/**
 * Follows the requests of an HTTP/1.1 connection, each to the end of both its body and its answer.
 * A client that is answered before it has sent everything may continue to send for a while, and
 * Node reads and drops that. If its connection were closed immediately, a reset would destroy the
 * answer.
 */
export class RequestLine {
  readonly #socket: Socket;
  readonly #connection: Connection;
  readonly #lingerMs: number;
  readonly #close: () => void;
  #last: IncomingMessage | undefined;

  constructor(socket: Socket, connection: Connection, lingerMs: number) {
    this.#socket = socket;
    this.#connection = connection;
    this.#lingerMs = lingerMs;
    this.#close = socket.destroySoon.bind(socket);
    // Node calls this after the last answer of its connection.
    socket.destroySoon = () => {
      if (this.#last?.complete === false) socket.end();
      else this.#close();
    };
  }

  follow(request: IncomingMessage, response: ServerResponse): void {
    this.#last = request;
    const end = this.#connection.begin(request);
    const finish = () => {
      clearTimeout(lingering);
      end();
      if (this.#socket.writableEnded) this.#close();
    };
    let lingering: NodeJS.Timeout | undefined;
    response.once('close', () => {
      if (request.complete || this.#socket.destroyed) return finish();
      lingering = setTimeout(() => this.#socket.destroy(), this.#lingerMs).unref();
      request.once('end', finish).once('close', finish);
    });
  }
}
