import type { Lease } from '@highwater/kinesis';
import { describe, expect, it } from 'vitest';
import { leaseTable } from '../../src/leases/lease-table.ts';

const nowMs = Date.UTC(2026, 0, 1);
const lease = (changes: Partial<Lease>): Lease => ({
  shardId: 'shardId-0',
  parentShardIds: [],
  epoch: 1,
  counter: 1,
  checkpoint: { position: { type: 'TRIM_HORIZON' } },
  ...changes,
});

describe('leaseTable', () => {
  it('shows the owner of a shard, and how far it was read', () => {
    const sequenceNumber = '49590338271490256608559692538361571095921575989136588898';
    const [head, line] = leaseTable(
      [
        lease({
          owner: 'a',
          epoch: 7,
          checkpoint: {
            position: { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber },
            readToMs: nowMs - 12_400,
            state: { key: 'k', sha256: '', bytes: 900 },
          },
        }),
      ],
      nowMs,
    );
    expect(head).toMatch(/^SHARD +STATE +OWNER +EPOCH +POSITION +READ TO +SNAPSHOT$/);
    expect(line).toMatch(/^shardId-0 +held +a +7 +…\d{16} +12 s ago +900 bytes$/);
  });

  it('shows how far an aggregate was read', () => {
    const position = {
      type: 'AFTER_SEQUENCE_NUMBER',
      sequenceNumber: '123',
      subSequenceNumber: 41,
    } as const;
    const [, line] = leaseTable([lease({ checkpoint: { position } })], nowMs);
    expect(line).toMatch(/ 123\/41 /);
  });

  it('shows where reading starts, and nothing more for a finished shard', () => {
    const readToMs = nowMs - 5_000;
    const positionOf = (position: Lease['checkpoint']['position']) =>
      leaseTable([lease({ checkpoint: { position, readToMs } })], nowMs)[1]
        ?.split(/ {2,}/)
        .slice(4);
    expect(positionOf({ type: 'AT_TIMESTAMP', timestampMs: nowMs })).toEqual([
      '2026-01-01T00:00:00.000Z',
      '5 s ago',
      '-',
    ]);
    expect(positionOf({ type: 'SHARD_END' })).toEqual(['SHARD_END', '-', '-']);
  });

  it('says why nobody reads a shard', () => {
    const finished = { position: { type: 'SHARD_END' } } as const;
    const lines = leaseTable(
      [
        lease({ shardId: 'shardId-4', parentShardIds: ['shardId-1', 'shardId-2'] }),
        lease({ shardId: 'shardId-1', checkpoint: finished }),
        lease({ shardId: 'shardId-2', owner: 'a' }),
        lease({ shardId: 'shardId-3' }),
        lease({ shardId: 'shardId-5', owner: 'a', wantedBy: 'b' }),
      ],
      nowMs,
    );
    expect(lines.slice(1).map((line) => line.split(/ {2,}/)[1])).toEqual([
      'finished',
      'held',
      'free',
      'waiting for shardId-2',
      'requested by b',
    ]);
  });
});
