import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { sendEventStream } from '../src/http/send-event-stream.ts';
import { EventStream } from '../src/operations/event-stream.ts';
import { jsonFormat } from '../src/wire/wire-formats.ts';

const eventBytes = 65_536;
const turns = 2_000;

// Goal: a subscriber that does not read costs only the buffers of its connection. Method: an event
// can be made in each turn of the event loop. Of two thousand, only as many are made as a socket
// accepts.
it('is waited for, and no events are made for it in the meantime', async () => {
  let madeCount = 0;
  const gone = new AbortController();
  async function* events() {
    for (;;) {
      await turn();
      madeCount += 1;
      yield { type: 'SubscribeToShardEvent', value: { data: 'x'.repeat(eventBytes) } };
    }
  }
  const server = createServer((_request, response) => {
    response.once('close', () => gone.abort());
    const options = { wire: jsonFormat, signal: gone.signal };
    void sendEventStream(response, new EventStream(events()), options);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await expect.poll(() => madeCount).toBeGreaterThan(0);
  for (let at = 0; at < turns; at += 1) await turn();
  expect(madeCount).toBeLessThan(turns / 4);
  socket.destroy();
  await once(gone.signal, 'abort');
  server.close();
  await once(server, 'close');
});
