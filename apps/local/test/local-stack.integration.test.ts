import { createSdkKinesisApi, type GetRecordsReply } from '@highwater/kinesis';
import { systemClock } from '@highwater/service';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalStack, streams } from '../src/index.ts';
import { readPipelineState, type PipelineState } from '../src/pipeline-state.ts';
import type { LocalStack } from '../src/start-local-stack.ts';

const generator = {
  HW_GENERATOR_RATE: '200',
  HW_GENERATOR_SERIES: '100',
  HW_GENERATOR_PERCENT_LATE: '10',
  HW_GENERATOR_LATE_TIME_SECONDS: '15',
  HW_GENERATOR_LATE_PER_POINT: 'true',
  HW_GENERATOR_TIME_UNIT: 'MILLISECONDS',
};

let dataDirectory = '';

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'highwater-local-'));
});
afterAll(async () => {
  await rm(dataDirectory, { recursive: true });
});

/** Waits until the pipeline has reached a state. The test's own timeout limits it. */
async function until(
  stack: LocalStack,
  isDone: (state: PipelineState) => boolean,
): Promise<PipelineState> {
  for (;;) {
    const state = await readPipelineState(stack.services, systemClock);
    if (isDone(state)) return state;
    const wait = systemClock.sleep(200).then(() => undefined);
    const crash = await Promise.race([wait, stack.crashed]);
    if (crash !== undefined) throw crash;
  }
}

async function createdAtMs(stack: LocalStack): Promise<number> {
  using api = createSdkKinesisApi({ region: 'us-east-1', endpoint: stack.kinesisUrl });
  return (await api.describe(streams.raw.name)).creationTimeMs;
}

/** How many records raw-writer had read in the last run when it ended. */
async function recordsRead(): Promise<number> {
  const log = await readFile(join(dataDirectory, 'logs', 'raw-writer.log'), 'utf8');
  const [, count] = /"recordsCount":(\d+),"msg":"Stopped reading the stream\."/.exec(log) ?? [];
  return Number(count);
}

async function recordsInStream(stack: LocalStack): Promise<number> {
  using api = createSdkKinesisApi({ region: 'us-east-1', endpoint: stack.kinesisUrl });
  const shards = await api.listShards(streams.raw.name);
  let count = 0;
  for (const { shardId } of shards) {
    const position = { type: 'TRIM_HORIZON' } as const;
    let iterator: string | null = await api.getIterator({
      stream: streams.raw.name,
      shardId,
      position,
    });
    while (iterator !== null) {
      const reply: GetRecordsReply = await api.getRecords({ iterator, limit: 10_000 });
      count += reply.records.length;
      const isTip = reply.behindLatestMs === 0 && reply.records.length === 0;
      iterator = isTip ? null : reply.nextIterator;
    }
  }
  return count;
}

describe('startLocalStack', () => {
  it('stores and corrects averages, survives a killed aggregator, and continues after a restart', async () => {
    let streamCreatedAtMs = 0;
    {
      await using stack = await startLocalStack({ dataDirectory, settings: { generator } });
      streamCreatedAtMs = await createdAtMs(stack);
      const first = await until(stack, ({ rowsWritten, rowsCorrected }) => {
        return rowsWritten > 0 && rowsCorrected > 0;
      });
      expect(first.pointsStored).toBeGreaterThan(0);
      expect(first.deadLetters).toBe(0);

      await stack.kill('aggregator', 'SIGKILL');
      await stack.restart('aggregator');
      await until(stack, ({ rowsWritten }) => rowsWritten > first.rowsWritten);
    }
    const state = await readdir(join(dataDirectory, 'state'));
    expect(state.toSorted()).toEqual(['aggregator', 'raw-writer', 'upsert-writer']);

    // Records of the first run are not read again: together, both runs read each record once.
    const firstCount = await recordsRead();
    let streamCount = 0;
    {
      await using stack = await startLocalStack({ dataDirectory, hasGenerator: false });
      expect(await createdAtMs(stack)).toBe(streamCreatedAtMs);
      expect(stack.services.map(({ name }) => name)).not.toContain('generator');
      streamCount = await recordsInStream(stack);
      await until(stack, ({ pointsStored, watermarkMs }) => {
        return pointsStored >= streamCount - firstCount && watermarkMs !== undefined;
      });
    }
    expect(streamCount).toBeGreaterThan(0);
    expect(firstCount + (await recordsRead())).toBe(streamCount);
  });
});
