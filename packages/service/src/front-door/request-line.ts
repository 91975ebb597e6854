import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connection } from './connections.ts';

/**
 * Follows the requests of a connection of HTTP/1.1, each to the end of both its body and its answer. A
 * client that is answered before it has sent all may go on sending for a while (Node reads and drops
 * it): were its connection closed at once, the answer would be lost to a reset.
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
    // Node calls this after an answer that is the last one of its connection.
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
