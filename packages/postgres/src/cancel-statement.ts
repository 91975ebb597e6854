import { once } from 'node:events';
import { Connection, type ClientConfig } from 'pg';

/** What a server knows a connection by. */
interface CancelKey {
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** A server that does not take the request does not matter: the statement has a time limit as well. */
const waitMs = 5_000;

/**
 * Asks the server to end the statement of a connection, by a request of its own as the protocol wants
 * it, and returns when it was taken, or could not be sent.
 */
export async function cancelStatement(
  { host = '', port = 0, ssl = false }: ClientConfig,
  { processID, secretKey }: CancelKey,
): Promise<void> {
  const connection = new Connection({ ssl }) as Connection & {
    connect(port: number, host: string): void;
    cancel(processID: number | null, secretKey: number | null): void;
  };
  connection.on(ssl === false ? 'connect' : 'sslconnect', () => {
    connection.cancel(processID, secretKey);
  });
  connection.connect(port, host);
  try {
    // An error rejects this one, and the end of the connection is the answer.
    await once(connection, 'end', { signal: AbortSignal.timeout(waitMs) });
  } catch {
    // Nothing more can be done.
  } finally {
    connection.on('error', () => undefined);
    connection.stream.destroy();
  }
}
