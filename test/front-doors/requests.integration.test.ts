import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorNames } from './door-names.ts';
import { startDoors, type Door, type Doors } from './doors.ts';
import { answersOn, ask, headOf, statusesIn, untilClosed, type MoreHeaders } from './raw-http.ts';
import { smuggled } from './smuggled.ts';

let doors: Doors;
const doorOf = (name: string) => doors.doors.find((door) => door.name === name) as Door;

beforeAll(async () => {
  doors = await startDoors();
});
afterAll(() => doors[Symbol.asyncDispose]());

const foreignHosts: readonly (string | readonly string[])[] = [
  'evil.example',
  'evil.example:4567',
  'EVIL.example.',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'water.example.evil.example',
  'evil.water.example',
  'internal.example',
  '127.1:80',
  'localhost,evil.example',
  'user@localhost',
  '[::1',
  '[::1].evil.example',
  '.localhost',
  '..',
  '',
];

const ownHosts: readonly string[] = [
  'localhost',
  'LocalHost:8080',
  'localhost.',
  'kinesis.localhost:1',
  '127.0.0.1:8080',
  '10.0.0.7',
  '[::1]:8080',
  '[fe80::1]',
  'kinesis-local:4567',
  'timestream_local',
  'host.docker.internal:8787',
  'Water.Example',
  'water.example.:443',
];

describe.each(doorNames)('%s', (name) => {
  it.each(foreignHosts)('does not answer for the host %j, and says why', async (host) => {
    const door = doorOf(name);
    const { status, body } = await ask(door, door.cheap, { host });
    expect(status).toBe(421);
    expect(body).toContain(door.setting);
  });

  it.each(ownHosts)('answers for the host %s, which no website can have', async (host) => {
    const door = doorOf(name);
    expect(await ask(door, door.cheap, { host })).toMatchObject({ status: 200 });
  });

  it('also checks the name in the target of a request', async () => {
    const door = doorOf(name);
    const at = (host: string) => ({ ...door.cheap, path: `http://${host}${door.cheap.path}` });
    expect(await ask(door, at('evil.example'))).toMatchObject({ status: 421 });
    expect(await ask(door, at('evil.example:80'), { host: 'localhost' })).toMatchObject({
      status: 421,
    });
  });

  it('does not answer without a Host header', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    const answers = answersOn(socket);
    socket.write(headOf(door, door.cheap, { host: [] }).replace('HTTP/1.1', 'HTTP/1.0'));
    expect((await answers.next()).value).toMatchObject({ status: 421 });
    socket.destroy();
  });

  const foreignPages: readonly MoreHeaders[] = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-site': 'same-site' },
  ];
  it.each(foreignPages)('does not answer pages of other sites: %j', async (headers) => {
    const door = doorOf(name);
    for (const call of [door.cheap, door.withBody]) {
      const { status, headers: answered, body } = await ask(door, call, headers);
      expect(status).toBe(403);
      expect(body).toContain('pages');
      expect(answered).not.toContain('access-control-');
    }
  });

  it('answers its own pages, if it has any', async () => {
    const door = doorOf(name);
    const status = door.pages === 'own' ? 200 : 403;
    const own = `http://127.0.0.1:${door.port}`;
    const pages: readonly MoreHeaders[] = [
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { origin: own },
      { origin: own, 'sec-fetch-site': 'same-origin' },
      { origin: 'http://localhost', host: 'localhost' },
      { origin: 'https://water.example', host: 'water.example' },
      // Behind a proxy that passes on its own name.
      { origin: 'https://water.example:8443', host: 'dashboard:8080' },
    ];
    for (const sent of pages) {
      expect({ sent, ...(await ask(door, door.cheap, sent)) }).toMatchObject({ sent, status });
    }
  });

  it('answers programs, which send at most the mode', async () => {
    const door = doorOf(name);
    expect(await ask(door, door.cheap, { 'sec-fetch-mode': 'cors' })).toMatchObject({
      status: 200,
    });
  });

  it.each(smuggled)('accepts no ambiguous request: $what', async ({ send, statuses }) => {
    const door = doorOf(name);
    const socket = await door.open();
    socket.write(send(door));
    socket.end();
    expect(statuses).toContainEqual(statusesIn(await untilClosed(socket)));
  });

  it('rejects headers beyond 16 KiB', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    socket.write(headOf(door, door.cheap, { 'x-long': 'a'.repeat(20_000) }));
    // Node closes the connection with its answer, which is lost when not all was read.
    expect([[431], []]).toContainEqual(statusesIn(await untilClosed(socket)));
  });

  it('answers pipelined requests in order', async () => {
    const door = doorOf(name);
    const socket = await door.open();
    const answers = answersOn(socket);
    const call = headOf(door, door.cheap) + door.cheap.body;
    socket.write(
      call + headOf(door, door.cheap, { host: 'evil.example' }) + door.cheap.body + call,
    );
    const statuses = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await answers.next()).value?.status);
    expect(statuses).toEqual([200, 421, 200]);
    socket.destroy();
  });
});

describe('the dashboard', () => {
  it('can be reached by a link on another site, but its API cannot', async () => {
    const door = doorOf('the dashboard');
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    const to = (path: string, method = 'GET') => ({ method, path, headers: {}, body: '' });
    expect(await ask(door, to('/explore?m=cpu_user'), link)).toMatchObject({ status: 200 });
    expect(await ask(door, to('/api/info'), link)).toMatchObject({ status: 403 });
    expect(await ask(door, to('/explore', 'POST'), link)).toMatchObject({ status: 403 });
  });
});

describe('the servers of AWS APIs', () => {
  it('reject in the words of their API', async () => {
    for (const name of doorNames.slice(0, 4)) {
      const door = doorOf(name);
      const { body } = await ask(door, door.cheap, { host: 'evil.example' });
      expect(JSON.parse(body)).toMatchObject({
        __type: expect.stringMatching(/MisdirectedRequestException$/) as string,
        message: expect.stringContaining('evil.example') as string,
      });
      const page = await ask(door, door.cheap, { origin: 'http://evil.example' });
      expect(JSON.parse(page.body)).toMatchObject({
        __type: expect.stringMatching(/AccessDeniedException$/) as string,
      });
    }
  });

  it('require JSON at /_admin/, which no page can send to another site without permission', async () => {
    const door = doorOf('kinesis-local');
    const to = (type: string) => ({
      method: 'POST',
      path: '/_admin/expire-iterators',
      headers: { 'content-type': type },
      body: '{}',
    });
    expect(await ask(door, to('text/plain'))).toMatchObject({ status: 415 });
    expect(await ask(door, to('application/json'))).toMatchObject({ status: 200 });
    expect(await ask(door, to('application/json'), { origin: 'http://a.example' })).toMatchObject({
      status: 403,
    });
  });
});
