import type { ShardState } from '../../src/contract.ts';
import { formatClock, formatCount, formatDuration } from '../lib/format.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/panel.tsx';

const columns = [
  { name: 'Service' },
  { name: 'Shard' },
  { name: 'Behind', isNumber: true },
  { name: 'Watermark' },
  { name: 'Final up to', title: 'Windows that end before this time can no longer change' },
  { name: 'Windows', isNumber: true, title: 'Windows that still accept points' },
  { name: 'Rows', isNumber: true, title: 'Rows that can still change' },
];

/** Every shard, as seen by the service that reads it. */
export function Shards({
  shards,
  atMs,
}: {
  readonly shards: readonly ShardState[];
  readonly atMs: number;
}) {
  return (
    <Panel title="Shards" facts={shards.length}>
      <DataTable label="Shards by service" columns={columns}>
        {shards.map((shard) => (
          <tr key={`${shard.service} ${shard.shardId}`}>
            <td>{shard.service}</td>
            <td class="mono">{shard.shardId.replace(/^shardId-0*(?=\d)/, '')}</td>
            <td class="number" data-alert={(shard.behindLatestSeconds ?? 0) > 60 || undefined}>
              {seconds(shard.behindLatestSeconds)}
            </td>
            <td class="mono">
              <Moment timeMs={shard.watermarkMs} atMs={atMs} />
            </td>
            <td class="mono">
              <Moment timeMs={shard.finalMs} atMs={atMs} />
            </td>
            <td class="number">{formatCount(shard.openWindows)}</td>
            <td class="number">{formatCount(shard.openRows)}</td>
          </tr>
        ))}
      </DataTable>
    </Panel>
  );
}

function seconds(value: number | null): string {
  return value === null ? '–' : value === 0 ? 'caught up' : formatDuration(value * 1000);
}

function Moment({ timeMs, atMs }: { readonly timeMs: number | null; readonly atMs: number }) {
  if (timeMs === null) return '–';
  return (
    <>
      {formatClock(timeMs)} <span class="muted">−{formatDuration(atMs - timeMs)}</span>
    </>
  );
}
