import type { Clock, Logger } from '@highwater/model';
import type { Tally } from './tally.ts';

/** Where the live line is written: the standard error of a terminal. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const linePeriodMs = 500;
const logPeriodMs = 10_000;

/**
 * Reports progress until the signal aborts: one line that is overwritten on a terminal, otherwise a
 * log line every ten seconds.
 */
export async function reportProgress(
  options: {
    readonly tally: Tally;
    readonly clock: Clock;
    readonly log: Logger;
    readonly terminal: Terminal;
  },
  signal: AbortSignal,
): Promise<void> {
  const { tally, clock, log, terminal } = options;
  const isLive = terminal.isTTY === true;
  const measureRate = rateMeter(tally, clock);
  while (!signal.aborted) {
    await clock.sleep(isLive ? linePeriodMs : logPeriodMs, signal).catch(() => {});
    if (signal.aborted) break;
    const pointsPerSecond = measureRate();
    if (isLive) terminal.write(`\r${progressLine(tally, pointsPerSecond)}\u001b[K`);
    else log.info({ ...sentSoFar(tally), pointsPerSecond }, 'Sending points.');
  }
  if (isLive) terminal.write('\n');
}

/** The numbers of sent records, as fields of a log line. */
export function sentSoFar({ points, latePoints, duplicates, rounds, badLines }: Tally) {
  return { points, latePoints, duplicates, rounds, badLines };
}

function rateMeter(tally: Tally, clock: Clock): () => number {
  let last = { points: tally.points, atMs: clock.monotonicMs() };
  return () => {
    const now = { points: tally.points, atMs: clock.monotonicMs() };
    const seconds = (now.atMs - last.atMs) / 1000;
    const rate = seconds > 0 ? (now.points - last.points) / seconds : 0;
    last = now;
    return Math.round(rate);
  };
}

function progressLine(tally: Tally, pointsPerSecond: number): string {
  return [
    count(tally.points, 'points'),
    count(pointsPerSecond, 'points/s'),
    ...(tally.rounds > 0 ? [count(tally.rounds, 'rounds')] : []),
    ...(tally.latePoints > 0 ? [count(tally.latePoints, 'late')] : []),
    ...(tally.duplicates > 0 ? [count(tally.duplicates, 'twice')] : []),
    ...(tally.badLines > 0 ? [count(tally.badLines, 'bad lines')] : []),
  ].join('  ');
}

function count(value: number, what: string): string {
  return `${value.toLocaleString('en-US')} ${what}`;
}
