import * as kinesis from '@aws-sdk/client-kinesis';
import * as timestreamQuery from '@aws-sdk/client-timestream-query';
import * as timestreamWrite from '@aws-sdk/client-timestream-write';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../apps/kinesis-local/src/operations/operations.ts';
import { apiOperations, type Api } from '../api-operations.ts';
import { motoOperations } from '../moto-operations.ts';
import { withOperations } from '../render-operations.ts';
import { servers, timestreamRefuses } from '../servers.ts';

const clients: Readonly<Record<Api, object>> = {
  kinesis,
  'timestream-query': timestreamQuery,
  'timestream-write': timestreamWrite,
};

describe.each(Object.entries(clients))('the operations of %s', (name, client) => {
  const api = name as Api;

  it("has all of the SDK's", () => {
    const commands = Object.keys(client).filter((exported) => /^[A-Z].*Command$/.test(exported));
    expect(apiOperations[api]).toEqual(
      expect.arrayContaining(commands.map((command) => command.replace(/Command$/, ''))),
    );
  });

  it("has all of moto's", () => {
    expect(apiOperations[api]).toEqual(expect.arrayContaining([...motoOperations[api]]));
  });
});

describe('the operations of the servers', () => {
  it('are in an API', () => {
    expect(apiOperations.kinesis).toEqual(expect.arrayContaining([...operations.keys()]));
    expect([...apiOperations['timestream-write'], ...apiOperations['timestream-query']]).toEqual(
      expect.arrayContaining([...timestreamRefuses]),
    );
  });
});

describe.each(servers)('the README of $name', (server) => {
  it('compares the operations correctly: node tools/operations/main.ts', async () => {
    const path = new URL(`../../../apps/${server.name}/README.md`, import.meta.url);
    const readme = await readFile(path, 'utf8');
    expect(readme).toBe(withOperations(readme, server));
  });
});
