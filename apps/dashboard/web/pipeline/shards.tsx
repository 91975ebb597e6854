import type { ShardState } from '../../src/contract.ts';
import { formatClock, formatCount, formatDuration } from '../lib/format.ts';

/** Every shard as the service that reads it sees it. */
export function Shards({
  shards,
  atMs,
}: {
  readonly shards: readonly ShardState[];
  readonly atMs: number;
}) {
  return (
    <section class="panel" aria-label="Shards">
      <header>
        <h2>Shards</h2>
        <span class="facts">{shards.length}</span>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label="Shards by service">
        <table>
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Shard</th>
              <th scope="col" class="number">
                Behind
              </th>
              <th scope="col">Watermark</th>
              <th scope="col" title="Rows of windows before it are final">
                Final before
              </th>
              <th scope="col" class="number">
                Open windows
              </th>
              <th scope="col" class="number">
                Open rows
              </th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
    </section>
  );
}

function seconds(value: number | null): string {
  return value === null ? '–' : value === 0 ? 'at the tip' : formatDuration(value * 1000);
}

function Moment({ timeMs, atMs }: { readonly timeMs: number | null; readonly atMs: number }) {
  if (timeMs === null) return '–';
  return (
    <>
      {formatClock(timeMs)} <span class="muted">−{formatDuration(atMs - timeMs)}</span>
    </>
  );
}
