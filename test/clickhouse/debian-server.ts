import { poll } from '@highwater/flow';
import { childEnvironment, systemClock } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from '../clients/cached.ts';
import { runCommand } from '../clients/run-command.ts';
import type { Engine } from './start-engine.ts';

const name = 'clickhouse-server';

/** Unpacks Debian's server and its libraries, once. Nothing is installed, so nobody has to be root. */
async function prepareServer(): Promise<string> {
  const version = await runCommand({ command: 'apt-cache', args: ['policy', name] });
  return cached({
    name: 'clickhouse',
    sources: 'debian-server.ts',
    tool: version,
    make: async (folder) => {
      const install = ['--simulate', '--no-install-recommends', 'install', name];
      const plan = await runCommand({ command: 'apt-get', args: install });
      const packages = [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, each]) => each ?? []);
      await runCommand({ command: 'apt-get', args: ['download', ...packages], directory: folder });
      const unpack = `for file in *.deb; do dpkg-deb --extract "$file" .; done; rm -- *.deb`;
      await runCommand({ command: 'sh', args: ['-c', unpack], directory: folder });
    },
  });
}

/** Starts Debian's ClickHouse of 2018: a real server, older than any that we can write to. */
export async function startDebianServer(): Promise<Engine> {
  const root = await prepareServer();
  const directory = await mkdtemp(join(tmpdir(), 'highwater-clickhouse-'));
  const [port, tcpPort] = await Promise.all([freePort(), freePort()]);
  const config = join(directory, 'config.xml');
  await writeFile(
    config,
    `<yandex>
      <logger><level>none</level><console>1</console></logger>
      <http_port>${port}</http_port><tcp_port>${tcpPort}</tcp_port><listen_host>127.0.0.1</listen_host>
      <path>${directory}/data/</path><tmp_path>${directory}/tmp/</tmp_path>
      <mark_cache_size>5368709120</mark_cache_size>
      <users_config>${root}/etc/clickhouse-server/users.xml</users_config>
      <default_profile>default</default_profile><default_database>default</default_database>
    </yandex>`,
  );
  const libraries = ['usr/lib', 'lib'].map((each) => join(root, each, 'x86_64-linux-gnu'));
  const child = spawn(join(root, 'usr/sbin', name), [`--config-file=${config}`], {
    stdio: 'ignore',
    env: childEnvironment({ LD_LIBRARY_PATH: libraries.join(':') }),
  });
  const ended = once(child, 'exit');
  const answer = () => fetch(`http://127.0.0.1:${port}/ping`).then((reply) => reply.text());
  const listens = async () => (await answer().catch(() => '')) === 'Ok.\n' || undefined;
  await poll(listens, {
    clock: systemClock,
    signal: new AbortController().signal,
    intervalMs: 50,
    timeoutMs: 60_000,
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
