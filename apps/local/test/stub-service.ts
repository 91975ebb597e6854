import { runService } from '@highwater/service';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { z } from 'zod';

/** A service that only does what the tests of the stack need to see. */
await runService(
  {
    name: 'stub',
    description: 'Stands in for a service.',
    config: {
      HW_STUB_PORT: z.coerce.number().optional().describe('Serve a port of its own'),
      HW_STUB_CRASHES: z.stringbool().default(false).describe('End with an error once ready'),
      HW_STUB_NEVER_READY: z.stringbool().default(false).describe('End before it is ready'),
    },
  },
  async ({ config, health, signal, log, clock }) => {
    if (config.HW_STUB_NEVER_READY) throw new Error('starting: no luck today');
    const server = createServer();
    if (config.HW_STUB_PORT !== undefined) {
      server.listen({ host: '127.0.0.1', port: config.HW_STUB_PORT });
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      log.info({ host: '127.0.0.1', port }, 'Serving the stub.');
    }
    health.ready();
    if (config.HW_STUB_CRASHES) {
      await clock.sleep(200, signal);
      throw new Error('working: no luck today');
    }
    await clock.sleep(86_400_000, signal).catch(() => undefined);
    server.close();
  },
);
