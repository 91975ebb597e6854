import type { Lease } from '@highwater/kinesis';
import type { Finding } from './finding.ts';

/** A checkpoint is due every ten seconds. A healthy service does not leave one this old. */
const readToAgeMsMax = 120_000;

/** Describes the state of a service's shards, as of their last checkpoints. */
export function describeLeases({
  service,
  leases,
  nowMs,
}: {
  readonly service: string;
  readonly leases: readonly Lease[];
  readonly nowMs: number;
}): Finding {
  const what = `shards of ${service}`;
  const open = leases.filter(({ checkpoint }) => checkpoint.position.type !== 'SHARD_END');
  if (open.length === 0) return { what, verdict: 'ok', found: 'no shard has been read yet' };
  const owners = new Set(open.flatMap(({ owner }) => owner ?? []));
  const ages = open.flatMap(({ checkpoint: { readToMs } }) =>
    readToMs === undefined ? [] : [nowMs - readToMs],
  );
  const free = open.filter(({ owner }) => owner === undefined).length;
  const oldestMs = Math.max(0, ...ages);
  const counts = `${plural(open.length, 'shard')}, ${plural(owners.size, 'owner')}`;
  const read =
    ages.length === 0 ? 'no checkpoint yet' : `oldest checkpoint ${seconds(oldestMs)} s old`;
  const found = `${counts}, ${read}`;
  if (free > 0) {
    const fix = `start ${service}; if it is running, wait until the parents of these shards have been read`;
    return {
      what,
      verdict: 'warn',
      found: `${found}; ${plural(free, 'shard')} without an owner`,
      fix,
    };
  }
  if (oldestMs > readToAgeMsMax) {
    const fix = `check that ${service} is running, read its log, and see its shards with \`highwater leases ${service}\``;
    return { what, verdict: 'warn', found, fix };
  }
  return { what, verdict: 'ok', found };
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function seconds(durationMs: number): string {
  return Math.round(durationMs / 1000).toLocaleString('en-US');
}
