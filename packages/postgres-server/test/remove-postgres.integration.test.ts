import { removePostgres, startPostgres } from '@highwater/postgres-server';
import { mkdtempDisposable, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clusterHomes } from '../src/cluster.ts';

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

// The directory belongs to one user. Under root, the server is another one, so its files are outside.
async function newDirectory() {
  return mkdtempDisposable(join(tmpdir(), 'highwater-postgres-'));
}

it('removes all files of a server, wherever they are', async () => {
  await using parent = await newDirectory();
  const directory = join(parent.path, 'postgres');
  await (await startPostgres({ directory }))[Symbol.asyncDispose]();
  const homes = await clusterHomes(directory);
  const whereIs = async () =>
    (await Promise.all(homes.map((each) => isThere(join(each, 'cluster'))))).filter(Boolean);
  expect(await whereIs()).toHaveLength(1);
  await removePostgres(directory);
  expect(await whereIs()).toEqual([]);
  expect(await readdir(parent.path)).toEqual([]);
  // There is nothing to remove now.
  await removePostgres(directory);
});

it('waits for a server that is still stopping', async () => {
  await using parent = await newDirectory();
  const directory = join(parent.path, 'postgres');
  const server = await startPostgres({ directory });
  const stopping = server[Symbol.asyncDispose]();
  await removePostgres(directory);
  expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
  await stopping;
  await using again = await startPostgres({ directory });
  expect(again.url).not.toBe(server.url);
  const removing = removePostgres(directory);
  await again[Symbol.asyncDispose]();
  await removing;
});
