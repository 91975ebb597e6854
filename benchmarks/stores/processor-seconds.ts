import { readFileSync } from 'node:fs';
import { processTree } from '../../apps/timestream-local/test/resident-bytes.ts';

/** User and system time. */
export interface ProcessorSeconds {
  /** Of this process. */
  readonly writer: number;
  /** Of all processes that this one has started, those that have ended included. */
  readonly engine: number;
}

const ticksPerSecond = 100;

/** Processor time so far. Linux only. */
export function processorSeconds(): ProcessorSeconds {
  const { user, system } = process.cpuUsage();
  const [, ...descendants] = processTree(process.pid);
  const ticks = descendants.reduce((sum, pid) => sum + ticksOf(pid), 0);
  return { writer: (user + system) / 1e6, engine: ticks / ticksPerSecond };
}

/** With the children that it has waited for. */
function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0;
  }
}
