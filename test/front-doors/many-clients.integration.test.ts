import { readFile } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { frontDoorLimits } from '@highwater/service/front-door';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorNames } from './door-names.ts';
import { startDoors, type Door, type Doors } from './doors.ts';
import { answersOn, headOf } from './raw-http.ts';
import { report, startSecondClient } from './second-client.ts';

const { connectionsMax } = frontDoorLimits;
let doors: Doors;
const doorOf = (name: string) => doors.doors.find((door) => door.name === name) as Door;

beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

/** Opens connections that say something once, or nothing, and are never closed by their client. */
function openMany(port: number, count: number, text: string): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1', () => {
      if (text !== '') socket.write(text);
    });
    socket.on('error', () => undefined).resume();
    return socket;
  });
}

/**
 * How many connections a port has, by the kernel's table: columns are slot, local address, remote
 * address, state. Clients may think that they have more.
 */
async function connectionsAt(port: number): Promise<number> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const established = '01';
  const rows = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  return rows.filter(([, at, , state]) => at?.endsWith(local) === true && state === established)
    .length;
}

/** The second client's connection comes on top. */
async function untilBounded(door: Door, sockets: readonly Socket[]): Promise<void> {
  await Promise.all(sockets.map(untilOpened));
  await expect.poll(() => connectionsAt(door.port)).toBeLessThanOrEqual(connectionsMax + 1);
}

async function untilOpened(socket: Socket): Promise<void> {
  if (!socket.connecting) return;
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
}

describe.each(doorNames)('%s', (name) => {
  // Goal: twice as many connections as there may be lock out nobody. Method: open them and keep them,
  // of each kind, while another client calls on new connections.
  it.each([
    { what: 'say nothing', text: () => '' },
    { what: 'sent half a header', text: (door: Door) => headOf(door, door.cheap).slice(0, 30) },
    { what: 'are idle', text: (door: Door) => headOf(door, door.cheap) + door.cheap.body },
    {
      what: 'sent half a body',
      text: (door: Door) => `${headOf(door, door.withBody, { 'content-length': '1000' })}{`,
    },
  ])('keeps a limited number of connections that $what', async ({ what, text }) => {
    const door = doorOf(name);
    const second = startSecondClient(door);
    const sockets = openMany(door.port, 2 * connectionsMax, text(door));
    await untilBounded(door, sockets);
    await second.untilAnswered();
    const calls = await second.untilAnswered();
    expect(calls).toBeGreaterThan(1);
    const longestMs = await second.stop();
    report(door, `${sockets.length} connections that ${what}`, { calls, longestMs });
    for (const socket of sockets) socket.destroy();
  });

  it('keeps the connection of a client that sends requests, instead of many that do not', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    const answers = answersOn(socket);
    const ask = async () => {
      socket.write(headOf(door, door.cheap) + door.cheap.body);
      return (await answers.next()).value;
    };
    expect(await ask()).toMatchObject({ status: 200 });
    const sockets = openMany(door.port, 2 * connectionsMax, '');
    await untilBounded(door, sockets);
    expect(await ask()).toMatchObject({ status: 200 });
    for (const each of [...sockets, socket]) each.destroy();
  });
});

describe.each(['kinesis-local', 'kinesis-local within TLS'])('%s over HTTP/2', (name) => {
  it('answers others while a client opens streams and resets them', async () => {
    const door = doorOf(name);
    const second = startSecondClient(door);
    const origin = `http${door.isTls ? 's' : ''}://127.0.0.1:${door.port}`;
    let streams = 0;
    for (let session = 0; session < 5; session += 1) {
      const client = connectHttp2(origin, { rejectUnauthorized: false });
      client.on('error', () => undefined);
      // Node ends a session that resets more than a thousand and then more than 33 a second.
      for (let at = 0; at < 5_000 && !client.destroyed; at += 1) {
        const stream = client.request({ ':method': 'POST', ...door.cheap.headers });
        stream.on('error', () => undefined);
        stream.close(constants.NGHTTP2_CANCEL);
        streams += 1;
        if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      client.destroy();
    }
    const calls = await second.untilAnswered();
    const longestMs = await second.stop();
    report(door, `${streams} streams that were reset`, { calls, longestMs });
    expect(doors.complaints).toEqual([]);
  });
});
