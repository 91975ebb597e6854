import type { Lease } from '@highwater/kinesis';
import { describe, expect, it } from 'vitest';
import { describeLeases } from '../../src/doctor/describe-leases.ts';

const nowMs = Date.UTC(2026, 0, 1);
const lease = (shardId: string, changes: Partial<Lease> = {}): Lease => ({
  shardId,
  parentShardIds: [],
  owner: 'a',
  epoch: 1,
  counter: 1,
  checkpoint: { position: { type: 'TRIM_HORIZON' }, readToMs: nowMs - 5_000 },
  ...changes,
});
const finished = lease('0', { owner: undefined, checkpoint: { position: { type: 'SHARD_END' } } });
const judge = (leases: readonly Lease[]) =>
  describeLeases({ service: 'aggregator', leases, nowMs });

describe('describeLeases', () => {
  it('skips shards that are finished', () => {
    const finding = judge([finished, lease('1'), lease('2', { owner: 'b' })]);
    expect(finding).toMatchObject({
      verdict: 'ok',
      found: '2 shards, 2 owners, oldest checkpoint 5 s old',
    });
  });

  it('reports a shard without an owner', () => {
    const finding = judge([lease('1'), lease('2', { owner: undefined })]);
    expect(finding).toMatchObject({ verdict: 'warn', fix: expect.stringMatching(/aggregator/) });
    expect(finding.found).toMatch(/1 shard without an owner/);
  });

  it('reports an old checkpoint', () => {
    const checkpoint = { position: { type: 'TRIM_HORIZON' }, readToMs: nowMs - 3_600_000 } as const;
    const finding = judge([lease('1'), lease('2', { checkpoint })]);
    expect(finding).toMatchObject({ verdict: 'warn' });
    expect(finding.found).toMatch(/oldest checkpoint 3,600 s old/);
  });
});
