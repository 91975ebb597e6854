import { settings } from '@highwater/settings';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { passwordOf } from '../src/read-password.ts';

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

let directory: string;
beforeEach(async () => {
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
    ['JSON as RDS writes it', '{"username":"hw","password":"geheim"}', 'geheim'],
  ])('is the secret of Secrets Manager: %s', async (_, SecretString, password) => {
    await using secrets = await startSecrets({ SecretString });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    expect(await read()).toBe(password);
    expect(secrets.asked).toEqual([{ SecretId: 'prod/hw' }]);
  });

  it('names the setting and the permission when the secret cannot be read', async () => {
    await using _secrets = await startSecrets({
      __type: 'AccessDeniedException',
      message: 'not yours',
    });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    await expect(read()).rejects.toThrow(
      /prod\/hw of HW_STORE_PASSWORD_SECRET: not yours.*secretsmanager:GetSecretValue/,
    );
  });

  it('names the member that a secret in JSON lacks', async () => {
    await using _secrets = await startSecrets({ SecretString: '{"pw":"geheim"}' });
    const read = passwordOf({ ...none, HW_STORE_PASSWORD_SECRET: 'prod/hw' }, database);
    await expect(read()).rejects.toThrow('JSON without the text member password');
  });
});

/** Secrets Manager with one answer, where the SDK looks for it. */
async function startSecrets(answer: object) {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(JSON.parse(body));
      response.writeHead('__type' in answer ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.1',
      });
      response.end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', `http://127.0.0.1:${port}`);
  return {
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
