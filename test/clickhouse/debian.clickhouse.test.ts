import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTable } from './clickhouse-fixture.ts';
import { startDebianServer } from './debian-server.ts';
import type { Engine } from './start-engine.ts';

const stack = new AsyncDisposableStack();
let server: Engine;
const withoutPassword = { password: async () => undefined };

beforeAll(async () => {
  server = stack.use(await startDebianServer());
});
afterAll(() => stack.disposeAsync());

// Goal: the client and a real server understand each other as far as the statements of a server of 2018
// go, and a server that is too old is told at once. Method: Debian's ClickHouse 18.16.
describe('Debian’s ClickHouse server', () => {
  it('is refused as too old, before anything is written', async () => {
    await expect(openTable(server, 'raw', { login: withoutPassword })).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      domain: 'user',
      retry: 'never',
      message: expect.stringMatching(/the server is ClickHouse 18\.16.*, but 23\.8 or newer/),
    });
    const reply = await fetch(`http://127.0.0.1:${server.port}/?query=SHOW+DATABASES`);
    expect(await reply.text()).toBe('default\nsystem\n');
  });

  // What the page Query relies on: the mode is set together with limits, and files stay out of reach.
  it.each([
    ["SELECT 1 INTO OUTFILE 'out.txt'", 'INTO OUTFILE'],
    [`SELECT * FROM url('http://127.0.0.1:1/', CSV, 'x String')`, 'readonly'],
    ['CREATE TEMPORARY TABLE t (x UInt8)', 'readonly'],
    ['SELECT 1 SETTINGS readonly = 0', 'readonly'],
  ])('refuses in mode 1: %s', async (statement, reason) => {
    const url = `http://127.0.0.1:${server.port}/?readonly=1&max_execution_time=10`;
    const ask = async (body: string) => (await fetch(url, { method: 'POST', body })).text();
    expect(await ask('SELECT 1')).toBe('1\n');
    expect(await ask(statement)).toMatch(new RegExp(`Exception.*${reason}`, 's'));
  });

  it('refuses a wrong password at once', async () => {
    await expect(openTable(server, 'raw')).rejects.toMatchObject({
      code: 'HW_CLICKHOUSE_CALL',
      domain: 'user',
      message: expect.stringContaining('Check the user and the password'),
    });
  });
});
