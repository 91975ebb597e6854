import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorNames } from './door-names.ts';
import { startDoors, type Door, type Doors } from './doors.ts';
import { answersOn, ask, headOf, untilClosed, statusesIn } from './raw-http.ts';
import { report, startSecondClient } from './second-client.ts';
import { sendBlanks, write } from './send-slowly.ts';

let doors: Doors;
const doorOf = (name: string) => doors.doors.find((door) => door.name === name) as Door;

beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

describe.each(doorNames)('%s', (name) => {
  const overLimit = (door: Door) => (door.bodyBytesMax ?? 2 ** 20) + 4 * 2 ** 20;
  const tooLargeHead = (door: Door, more = {}) =>
    headOf(door, door.withBody, { 'content-length': String(overLimit(door)), ...more });

  it('answers a body that is too large, and the next request after it', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    const answers = answersOn(socket);
    socket.write(tooLargeHead(door));
    // A client that reads only when it has sent everything, as Java's does.
    await sendBlanks(socket, overLimit(door));
    expect((await answers.next()).value).toMatchObject({ status: door.tooLarge });
    socket.write(headOf(door, door.cheap) + door.cheap.body);
    const { value: next } = await answers.next();
    // Closed is right as well, if the answer has said so; hanging never is.
    if (next !== undefined) expect(next.status).toBe(200);
    socket.destroy();
  });

  it('answers chunks that are too large in total', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    const answers = answersOn(socket);
    socket.write(headOf(door, { ...door.withBody, body: '' }, { 'transfer-encoding': 'chunked' }));
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < overLimit(door); sent += 65_536) await write(socket, chunk);
    socket.write('0\r\n\r\n');
    expect((await answers.next()).value).toMatchObject({ status: door.tooLarge });
    socket.destroy();
  });

  it('answers a client that wants its connection closed, once it has sent too much', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    socket.write(tooLargeHead(door, { connection: 'close' }));
    await sendBlanks(socket, overLimit(door));
    expect(statusesIn(await untilClosed(socket))).toEqual([door.tooLarge]);
  });

  it('does not ask for a body that it will not accept', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    socket.write(tooLargeHead(door, { expect: '100-continue' }));
    expect(statusesIn(await untilClosed(socket))).toEqual([door.tooLarge]);
  });

  it('asks for a body that it accepts', async () => {
    const door = doorOf(name);
    if (door.bodyBytesMax === undefined) return;
    const socket = await door.open();
    const answers = answersOn(socket);
    socket.write(headOf(door, door.withBody, { expect: '100-continue' }));
    expect((await answers.next()).value).toMatchObject({ status: 100 });
    socket.write(door.withBody.body);
    expect((await answers.next()).value).toMatchObject({ status: 200 });
    socket.destroy();
  });

  it('blames nobody when a client disconnects', async () => {
    const door = doorOf(name);
    for (const isReset of [false, true]) {
      const socket = await door.open();
      socket.write(headOf(door, door.withBody, { 'content-length': '1000' }));
      socket.write('{"a":');
      // Once it has answered somebody who came later, it has seen what came before.
      expect(await ask(door, door.cheap)).toMatchObject({ status: 200 });
      // Node cannot reset a connection of TLS.
      if (isReset && !door.isTls) socket.resetAndDestroy();
      else socket.destroy();
      expect(await ask(door, door.cheap)).toMatchObject({ status: 200 });
    }
    const health = doors.doors.find(({ port }) => port === doors.healthPort) as Door;
    const text = async () => (await ask(health, { ...health.cheap, path: '/metrics' })).body;
    const gone = goneIn(name);
    if (gone !== undefined) await expect.poll(text).toContain(gone);
    expect(await text()).not.toMatch(/status="500"|InternalFailure/);
    expect(doors.complaints).toEqual([]);
  });

  // Goal: bodies that never end cost a limited amount, and affect nobody else. Method: many clients
  // send the largest body except its last byte, far more than there is space for, while another one
  // sends requests.
  it('reserves its memory for clients that finish', async () => {
    const door = doorOf(name);
    const bodyBytes = door.bodyBytesMax ?? 2 ** 20;
    const clients = Math.min(400, Math.ceil((512 * 2 ** 20) / bodyBytes));
    const before = doors.residentBytes();
    const second = startSecondClient(door);
    const sockets: Socket[] = [];
    const answered: string[] = [];
    for (let client = 0; client < clients; client += 1) {
      const socket = await door.open();
      sockets.push(socket);
      socket.on('data', (chunk: Buffer) => answered.push(chunk.toString('latin1')));
      socket.write(headOf(door, door.withBody, { 'content-length': String(bodyBytes) }));
      await sendBlanks(socket, bodyBytes - 1);
    }
    const calls = await second.untilAnswered();
    const longestMs = await second.stop();
    const grownBytes = doors.residentBytes() - before;
    for (const socket of sockets) socket.destroy();
    const what = `${clients} bodies of ${bodyBytes} bytes without their last`;
    report(door, what, { calls, longestMs, grownBytes });
    // 64 MiB of bodies, as much again that the collector has not taken back, and connections.
    expect(grownBytes).toBeLessThan(256 * 2 ** 20);
    if (clients * bodyBytes > 128 * 2 ** 20 && door.bodyBytesMax !== undefined) {
      expect(answered.join('')).toContain(' 503 ');
    }
  });
});

function goneIn(name: string): string | undefined {
  if (name.startsWith('kinesis')) return 'outcome="gone"';
  return name.startsWith('timestream') ? 'status="499"' : undefined;
}
