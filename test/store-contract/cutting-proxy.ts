import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy before a server, which can lose what the server says. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Passes the next statement with this text on, and cuts the connection in place of its reply. */
  cutReplyTo(text: string): Promise<void>;
  /** Breaks all connections, and refuses new ones until the promise settles. */
  outage(end: Promise<unknown>): Promise<void>;
}

/** Starts a proxy on a port of this machine. */
export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let wanted: { readonly text: string; readonly cut: () => void } | undefined;
  let isAway = false;
  const server = createServer((client) => {
    if (isAway) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(targetPort, '127.0.0.1');
    let isMute = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Each ends with the other, however that went.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      if (wanted !== undefined && data.includes(wanted.text)) {
        isMute = true;
        const { cut } = wanted;
        wanted = undefined;
        // The reply says that the statement was executed.
        upstream.once('data', () => {
          client.destroy();
          cut();
        });
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (!isMute) client.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cutReplyTo: (text) => new Promise((resolve) => (wanted = { text, cut: resolve })),
    async outage(end) {
      isAway = true;
      breakAll();
      await end;
      isAway = false;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      breakAll();
      await once(server, 'close');
    },
  };
}
