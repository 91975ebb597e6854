import { settings } from '@highwater/settings';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreConfigError } from '../src/errors.ts';
import { passwordOf as readerOf } from '../src/read-password.ts';

function addressOf(url: string) {
  const address = settings.HW_STORE.parse(url);
  if (address.engine === 'timestream') throw new Error('a store without a password');
  return address;
}

const database = addressOf('postgres://hw@db.example/metrics');
const iam = addressOf('postgres://hw@db.example:6000/metrics?auth=iam');
const none = {
  AWS_REGION: 'eu-central-1',
  HW_STORE_PASSWORD: undefined,
  HW_STORE_PASSWORD_FILE: undefined,
  HW_STORE_PASSWORD_SECRET: undefined,
};

const passwordOf = (
  config: Parameters<typeof readerOf>[0],
  address: Parameters<typeof readerOf>[1],
) => readerOf(config, address, { prefix: 'HW_STORE', clock: { monotonicMs: () => nowMs } });

let directory: string;
let nowMs: number;
beforeEach(async () => {
  nowMs = 0;
  directory = await mkdtemp(join(tmpdir(), 'highwater-password-'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

describe('the password of a store', () => {
  it('is absent, or the text that is set', async () => {
    expect(await passwordOf(none, database)()).toBeUndefined();
    expect(await passwordOf({ ...none, HW_STORE_PASSWORD: 'a b' }, database)()).toBe('a b');
  });

  it('is read from its file for each connection, without the end of the line', async () => {
    const HW_STORE_PASSWORD_FILE = join(directory, 'password');
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_FILE }, database);
    await expect(read()).rejects.toThrow(/HW_STORE_PASSWORD_FILE: ENOENT/);
    await writeFile(HW_STORE_PASSWORD_FILE, 'first\n');
    expect(await read()).toBe('first');
    await writeFile(HW_STORE_PASSWORD_FILE, 'second');
    expect(await read()).toBe('second');
  });

  it('is an error about the settings until it was read once', async () => {
    const HW_STORE_PASSWORD_FILE = join(directory, 'password');
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_FILE }, database);
    await writeFile(HW_STORE_PASSWORD_FILE, '\n');
    await expect(read()).rejects.toThrow(StoreConfigError);
    await expect(read()).rejects.toThrow(
      `reading HW_STORE_PASSWORD_FILE: ${HW_STORE_PASSWORD_FILE} is empty`,
    );
    await writeFile(HW_STORE_PASSWORD_FILE, 'first');
    expect(await read()).toBe('first');
    await writeFile(HW_STORE_PASSWORD_FILE, '');
    await expect(read()).rejects.toThrow(/is empty$/);
    await expect(read()).rejects.not.toBeInstanceOf(StoreConfigError);
    await rm(HW_STORE_PASSWORD_FILE);
    await expect(read()).rejects.toThrow(/ENOENT/);
    await expect(read()).rejects.not.toBeInstanceOf(StoreConfigError);
    await writeFile(HW_STORE_PASSWORD_FILE, 'second');
    expect(await read()).toBe('second');
  });

  it('may come from one place only', () => {
    const both = { ...none, HW_STORE_PASSWORD: 'a', HW_STORE_PASSWORD_FILE: 'b' };
    expect(() => passwordOf(both, database)).toThrow(
      'HW_STORE_PASSWORD and HW_STORE_PASSWORD_FILE are set, but only one may be',
    );
    expect(() => passwordOf({ ...none, HW_STORE_PASSWORD: 'a' }, iam)).toThrow(/auth=iam/);
  });

  it('is a token that IAM makes for this host, port, user, and region', async () => {
    const token = new URL(`https://${await passwordOf(none, iam)()}`);
    expect(token.host).toBe('db.example:6000');
    expect(token.searchParams.get('DBUser')).toBe('hw');
    expect(token.searchParams.get('Action')).toBe('connect');
    expect(token.searchParams.get('X-Amz-Credential')).toContain('/eu-central-1/rds-db/');
  });

  it.each([
    ['plain text', 'geheim', 'geheim'],
    ['text of a file, which ends a line', 'geheim\n', 'geheim'],
    ['JSON as RDS writes it', '{"username":"hw","password":"geheim"}', 'geheim'],
  ])('is the secret of Secrets Manager: %s', async (_, SecretString, password) => {
    await using secrets = await startSecrets({ SecretString });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    expect(await read()).toBe(password);
    expect(secrets.asked).toEqual([{ SecretId: 'prod/hw' }]);
  });

  it('is read again from Secrets Manager after a minute', async () => {
    await using secrets = await startSecrets({ SecretString: 'first' });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    expect([await read(), await read()]).toEqual(['first', 'first']);
    secrets.answer = { SecretString: 'second' };
    nowMs = 59_999;
    expect(await read()).toBe('first');
    nowMs = 60_000;
    expect(await read()).toBe('second');
    expect(secrets.asked).toHaveLength(2);
  });

  it('names the setting and the policies when the secret may not be read', async () => {
    await using _secrets = await startSecrets({
      __type: 'AccessDeniedException',
      message: 'not yours',
    });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    await expect(read()).rejects.toThrow(StoreConfigError);
    await expect(read()).rejects.toThrow(
      /prod\/hw of HW_STORE_PASSWORD_SECRET: AccessDeniedException: not yours.*infra\/aws\/rights\.json/,
    );
  });

  it('names the setting and the secret when there is none of this name', async () => {
    await using _secrets = await startSecrets({
      __type: 'ResourceNotFoundException',
      message: "can't find it",
    });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    await expect(read()).rejects.toThrow(/prod\/hw .*ResourceNotFoundException: can't find it$/);
  });

  it.each(['ThrottlingException', 'InternalServiceError'])(
    'is to be asked for again after %s, which says nothing of the settings',
    async (__type) => {
      await using secrets = await startSecrets({ __type, message: 'later' });
      const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
      await expect(read()).rejects.not.toBeInstanceOf(StoreConfigError);
      secrets.answer = { SecretString: 'geheim' };
      expect(await read()).toBe('geheim');
    },
  );

  it.each([
    ['JSON with a mistake', '{"username":"hw","password": geheim}'],
    ['a text like JSON', '{geheim'],
  ])('is not shown when the secret is %s', async (_, SecretString) => {
    await using _secrets = await startSecrets({ SecretString });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreConfigError);
    expect(inspect(error)).toContain('prod/hw of HW_STORE_PASSWORD_SECRET');
    expect(inspect(error)).toContain('begins with { but is not JSON');
    expect(inspect(error)).not.toMatch(/geh|heim|"hw"/);
  });

  it('names the member that a secret in JSON lacks', async () => {
    await using _secrets = await startSecrets({ SecretString: '{"pw":"geheim"}' });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    await expect(read()).rejects.toThrow('JSON without the text member password');
  });
});

/** Secrets Manager with one answer at a time, where the SDK looks for it. */
async function startSecrets(first: Readonly<Record<string, string>>) {
  const secrets = { asked: [] as unknown[], answer: first };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      secrets.asked.push(JSON.parse(body));
      const { __type = '' } = secrets.answer;
      const status = __type === '' ? 200 : __type === 'InternalServiceError' ? 500 : 400;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(secrets.answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `http://127.0.0.1:${port}`);
  return Object.assign(secrets, {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
