import { createSdkKinesisApi } from '@highwater/kinesis';
import { systemClock } from '@highwater/service';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { waitForStream } from '../src/wait-for-stream.ts';

/** It has no types. */
const kinesalite = createRequire(import.meta.url)('kinesalite') as (options: object) => Server;

const stream = 'points';
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

async function startKinesis() {
  const server = kinesalite({ createStreamMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createSdkKinesisApi({ region: 'us-east-1', endpoint });
  onTestFinished(() => {
    api[Symbol.dispose]();
    server.close();
  });
  await api.create(stream, 1);
  await waitForStream(api, stream, systemClock, new AbortController().signal);
  return { endpoint, readTexts: () => readShard(api) };
}

async function readShard(api: ReturnType<typeof createSdkKinesisApi>): Promise<string[]> {
  const [shard] = await api.listShards(stream);
  const shardId = shard?.shardId ?? '';
  const position = { type: 'TRIM_HORIZON' } as const;
  let iterator: string | null = await api.getIterator({ stream, shardId, position });
  const texts: string[] = [];
  for (let behindLatestMs = 1; behindLatestMs > 0 && iterator !== null;) {
    const reply = await api.getRecords({ iterator, limit: 10_000 });
    texts.push(...reply.records.map(({ data }) => Buffer.from(data).toString()));
    iterator = reply.nextIterator;
    behindLatestMs = reply.records.length === 0 ? 0 : 1;
  }
  return texts;
}

/** The generator as a separate process. */
function startGenerator(endpoint: string, flags: readonly string[]) {
  const child = spawn(process.execPath, [main, '--stream', stream, ...flags], {
    env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL_KINESIS: endpoint, HW_HTTP_PORT: '0' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const lineWith = async (text: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const line = output.split('\n').find((l) => l.includes(text) && l.endsWith('}'));
      if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
      await once(child.stdout, 'data');
    }
  };
  return { child, lineWith, exitCode: once(child, 'exit').then(([code]) => code as number) };
}

it('sends whole rounds of the fleet, with each series exactly once per round', async () => {
  const { endpoint, readTexts } = await startKinesis();
  const { exitCode } = startGenerator(endpoint, ['--series', '1200', '--rounds', '2']);
  expect(await exitCode).toBe(0);
  const timesSent = new Map<string, number>();
  for (const text of await readTexts()) {
    const series = text.replace(/"(MeasureValue|Time)": "[^"]*"/g, '');
    timesSent.set(series, (timesSent.get(series) ?? 0) + 1);
  }
  expect([...timesSent.values()]).toEqual(Array(1_200).fill(2));
});

it('sends the lines of standard input, reports the bad ones, and ends', async () => {
  const { endpoint, readTexts } = await startKinesis();
  const { child, lineWith, exitCode } = startGenerator(endpoint, ['--file', '-']);
  const line = '{"MeasureName":"t","MeasureValue":1,"Time":1700000000000,"room":"kitchen"}';
  child.stdin.end(`${line}\nnonsense\n`);
  expect(await lineWith('not points')).toMatchObject({ badLines: [{ line: 2 }] });
  expect(await exitCode).toBe(0);
  expect(await readTexts()).toEqual([line]);
});

it('finishes the work in progress when it is stopped', async () => {
  const { endpoint, readTexts } = await startKinesis();
  const { child, lineWith, exitCode } = startGenerator(endpoint, ['--rate', '5000']);
  const { port } = await lineWith('Serving health and metrics.');
  await expect
    .poll(async () => (await fetch(`http://127.0.0.1:${Number(port)}/metrics`)).text())
    .toMatch(/^generator_points_sent_total [1-9]/m);
  child.kill('SIGTERM');
  const { points } = await lineWith('Sending has ended.');
  expect(await exitCode).toBe(0);
  expect(await readTexts()).toHaveLength(points as number);
});

it('ends immediately when there is no such stream', async () => {
  const { endpoint } = await startKinesis();
  const { exitCode } = startGenerator(endpoint, ['--stream', 'misspelt']);
  expect(await exitCode).toBe(2);
});
