import type { Lease } from '@highwater/kinesis';

const columns = ['SHARD', 'STATE', 'OWNER', 'EPOCH', 'POSITION', 'READ TO', 'SNAPSHOT'] as const;

/** The leases as lines for a person, in shard order. */
export function leaseTable(leases: readonly Lease[], nowMs: number): readonly string[] {
  const sorted = leases.toSorted((a, b) => (a.shardId < b.shardId ? -1 : 1));
  const rows = sorted.map((lease) => [
    lease.shardId,
    stateOf(lease, leases),
    lease.owner ?? '-',
    String(lease.epoch),
    positionOf(lease),
    readTo(lease, nowMs),
    lease.checkpoint.state ? `${lease.checkpoint.state.bytes} bytes` : '-',
  ]);
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  return [columns, ...rows].map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function stateOf(lease: Lease, all: readonly Lease[]): string {
  const isFinished = (other: Lease) => other.checkpoint.position.type === 'SHARD_END';
  if (isFinished(lease)) return 'finished';
  const parent = all.find(
    (other) => lease.parentShardIds.includes(other.shardId) && !isFinished(other),
  );
  if (parent) return `waiting for ${parent.shardId}`;
  if (lease.wantedBy !== undefined) return `requested by ${lease.wantedBy}`;
  return lease.owner === undefined ? 'free' : 'held';
}

/**
 * Sequence numbers of one shard differ at their ends. Includes the sub-record inside an aggregate.
 */
function positionOf({ checkpoint: { position } }: Lease): string {
  switch (position.type) {
    case 'AFTER_SEQUENCE_NUMBER': {
      const { sequenceNumber: number, subSequenceNumber: sub } = position;
      const end = number.length > 16 ? `…${number.slice(-16)}` : number;
      return sub === undefined ? end : `${end}/${sub}`;
    }
    case 'AT_TIMESTAMP':
      return new Date(position.timestampMs).toISOString();
    case 'TRIM_HORIZON':
    case 'LATEST':
    case 'SHARD_END':
      return position.type;
  }
}

/** How long ago everything had been read, as of the last checkpoint. */
function readTo({ checkpoint: { position, readToMs } }: Lease, nowMs: number): string {
  if (readToMs === undefined || position.type === 'SHARD_END') return '-';
  return `${Math.max(0, Math.round((nowMs - readToMs) / 1000))} s ago`;
}
