import { residentBytes } from '../resident-bytes.ts';
import { monotonicMs } from './monotonic.ts';

// A process that only ticks, so that its delays are those of the machine. At every fourth tick, it
// measures the memory of the server, and ends a server that uses far too much.

/** The watcher's report, about ten times a second. */
export interface WatcherReport {
  /** Periods in which it could not tick. */
  readonly stalls: readonly (readonly [fromMs: number, toMs: number])[];
  readonly residentBytesMax: number;
  /** When this size was measured. */
  readonly residentAtMs: number;
  readonly isKilled: boolean;
}

/** The watcher's input. */
export interface WatcherOrder {
  readonly pid: number;
  readonly killBytes: number;
}

const tickMs = 5;
/** A tick that is late by this much counts as a stall. */
const lateMs = 10;
const reportEveryMs = 100;

let order: WatcherOrder | undefined;
process.on('message', (message: WatcherOrder) => {
  order = message;
});
process.on('disconnect', () => process.exit());

let stalls: [number, number][] = [];
let residentBytesMax = 0;
let residentAtMs = 0;
let isKilled = false;
let lastMs = monotonicMs();
let reportedMs = lastMs;
let ticks = 0;

setInterval(() => {
  const nowMs = monotonicMs();
  if (nowMs - lastMs > tickMs + lateMs) stalls.push([lastMs + tickMs, nowMs]);
  lastMs = nowMs;
  ticks += 1;
  if (order && ticks % 4 === 0) look(order, nowMs);
  if (nowMs - reportedMs < reportEveryMs) return;
  reportedMs = nowMs;
  process.send?.({ stalls, residentBytesMax, residentAtMs, isKilled } satisfies WatcherReport);
  stalls = [];
  residentBytesMax = 0;
  isKilled = false;
}, tickMs);

function look({ pid, killBytes }: WatcherOrder, nowMs: number): void {
  const bytes = residentBytes(pid);
  if (bytes > residentBytesMax) {
    residentBytesMax = bytes;
    residentAtMs = nowMs;
  }
  if (bytes <= killBytes) return;
  process.kill(pid, 'SIGKILL');
  order = undefined;
  isKilled = true;
}
