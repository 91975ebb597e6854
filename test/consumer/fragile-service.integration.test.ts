import { createSdkKinesisApi, DirectoryLeaseStore, DirectoryStateStore } from '@highwater/kinesis';
import { childEnvironment } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';

// Goal: records by which a real process ends, in every way that a process can end by its own code, are
// set aside after a few starts, with the record on which it only throws, and the others are kept.
// Method: a service of three calls over kinesis-local, started again as often as it ends.

const main = fileURLToPath(new URL('fragile-service.ts', import.meta.url));
const startsMax = 20;
const good = Array.from({ length: 40 }, (_, index) => `good ${index}`);
const bad = ['exits', 'throws', 'aborts'];
const texts = [...good.slice(0, 7), 'exits', ...good.slice(7, 20), 'throws', 'aborts'];
const all = [...texts, ...good.slice(20)];

async function startWorld() {
  const directory = await mkdtemp(join(tmpdir(), 'highwater-'));
  const kinesis = await startKinesisLocal({ port: 0, transitionMs: 10 });
  const api = createSdkKinesisApi({ region: 'us-east-1', endpoint: kinesis.url });
  const env = childEnvironment({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    HW_HTTP_PORT: '0',
    HW_STATE_DIR: join(directory, 'state'),
    HW_DEAD_LETTERS_DIR: join(directory, 'letters'),
    HW_KINESIS_POLL_INTERVAL_MS: '200',
    HW_KINESIS_CHECKPOINT_INTERVAL_MS: '1000',
    NODE_COMPILE_CACHE: join(directory, 'compiled'),
  });
  return {
    api,
    /** Runs the service until it ends, or until it has written that it has done everything. */
    async live(isDone: () => Promise<boolean>): Promise<'ended' | 'done'> {
      const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      const exited = once(child, 'exit');
      let hasExited = false;
      void exited.then(() => (hasExited = true));
      for await (const _ of child.stdout) {
        if (!hasExited && (await isDone())) {
          child.kill('SIGTERM');
          await exited;
          return 'done';
        }
      }
      await exited;
      return 'ended';
    },
    async letters(): Promise<readonly string[]> {
      const file = join(directory, 'letters', 'fragile.ndjson');
      const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
      return lines.map((line) => {
        const { payload } = JSON.parse(line) as { payload: string };
        return Buffer.from(payload, 'base64').toString();
      });
    },
    async kept(): Promise<readonly string[]> {
      const state = join(directory, 'state', 'fragile', 'points');
      const leases = await (await DirectoryLeaseStore.open(join(state, 'leases'))).list();
      const ref = leases[0]?.checkpoint.state;
      if (!ref) return [];
      const bytes = await new DirectoryStateStore(join(state, 'snapshots')).get(ref);
      return JSON.parse(Buffer.from(bytes).toString()) as string[];
    },
    async [Symbol.asyncDispose]() {
      api[Symbol.dispose]();
      await kinesis[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

describe('a service whose process ends because of some of its records', () => {
  it('sets them aside after a few starts, and keeps all others in order', async () => {
    await using world = await startWorld();
    const { api } = world;
    await api.create('points', 1);
    await expect.poll(async () => (await api.describe('points')).status).toBe('ACTIVE');
    const records = all.map((text) => ({ partitionKey: 'k', data: Buffer.from(text) }));
    await api.putRecords('points', records);
    const isDone = async () => (await world.letters()).length === bad.length;
    let starts = 1;
    while ((await world.live(isDone)) === 'ended') {
      starts += 1;
      expect(starts).toBeLessThan(startsMax);
    }
    expect(await world.letters()).toEqual(bad);
    expect(await world.kept()).toEqual(all.filter((text) => text.startsWith('good')));
  });
});
