import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { explainListenError } from '../explain-listen-error.ts';
import type { FrontDoor } from './front-door.ts';

/** A listening server. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** Breaks every connection, and keeps listening. */
  cutConnections(): void;
}

/** Where to listen, and how to stop. */
export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** The setting of the port, for the message when the port is taken. */
  readonly portVariable: string;
  /** What happens to requests in progress when the server is disposed. */
  readonly atEnd: 'answer' | 'cut';
}

/**
 * Opens a front door.
 *
 * @throws {PortTakenError} when another process has the port
 */
export async function listen(door: FrontDoor, options: ListenOptions): Promise<Listener> {
  const { server, connections } = door;
  const { host, port, portVariable, atEnd } = options;
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw await explainListenError(error, { host, port, portVariable });
  }
  return {
    port: (server.address() as AddressInfo).port,
    cutConnections: () => connections.cut(),
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      if (atEnd === 'answer') connections.endWhenQuiet();
      else connections.end();
      await closed;
    },
  };
}
