import { DirectoryLeaseStore } from '@highwater/kinesis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leasesCommand } from '../../src/leases/leases-command.ts';
import { runCommand } from '../run-command.ts';
import { startScriptedAws } from '../scripted-aws.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leases-'));
});
afterEach(() => rm(directory, { recursive: true }));

const list = (...words: readonly string[]) =>
  runCommand(leasesCommand(), ...words, '--state-dir', directory);

describe('highwater leases', () => {
  it.each([
    { service: 'aggregator', stream: 'highwater-raw' },
    { service: 'raw-writer', stream: 'highwater-raw' },
    { service: 'upsert-writer', stream: 'highwater-results' },
  ])('reports that the $service has read nothing of $stream yet', async ({ service, stream }) => {
    expect(await list(service)).toEqual({
      exitCode: 0,
      out: `No shard of ${stream} has been read by ${service} yet.\n`,
      err: '',
    });
  });

  it('shows the shards of the named stream', async () => {
    const store = await DirectoryLeaseStore.open(join(directory, 'aggregator', 'mine', 'leases'));
    await store.create({
      shardId: 'shardId-000000000000',
      parentShardIds: [],
      checkpoint: { position: { type: 'LATEST' } },
    });
    const { exitCode, out } = await list('aggregator', '--stream', 'mine');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^SHARD +STATE/),
      expect.stringMatching(/^shardId-000000000000 +free +- +\d+ +LATEST +- +-$/),
      '',
    ]);
  });

  it('exits with 2 for a wrong setting', async () => {
    const { exitCode, err } = await list('aggregator', '--leases', 'paper');
    expect(err).toContain('HW_LEASES');
    expect(exitCode).toBe(2);
  });

  it('does not create a missing table, and exits with 1', async () => {
    await using aws = await startScriptedAws({
      DescribeTable: { exception: 'ResourceNotFoundException' },
    });
    const dynamo = ['--leases', 'dynamodb', '--endpoint', aws.url, '--table', 'mine'];
    const { exitCode, err } = await list('aggregator', ...dynamo);
    expect(err).toContain('mine');
    expect(exitCode).toBe(1);
    expect(aws.operations).not.toContain('CreateTable');
  });
});
