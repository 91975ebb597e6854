import { explainListenError } from '@highwater/service';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Makes sure that a port is free before starting a child process that needs it. The error is then
 * reported here, in words, instead of in a log file.
 *
 * @throws {PortTakenError} naming the port, its setting, and the process that has it
 */
export async function checkPort(port: number, portVariable: string): Promise<void> {
  const host = '127.0.0.1';
  const server = createServer();
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw await explainListenError(error, { host, port, portVariable });
  }
  server.close();
  await once(server, 'close');
}
