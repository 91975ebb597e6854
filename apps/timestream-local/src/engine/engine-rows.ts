import type { Clock } from '@highwater/model';
import type { RowSource } from '../query/row-source.ts';
import type { SqlType } from '../types/sql-type.ts';
import { EngineLostError, type EngineChild } from './engine-child.ts';
import type { Engine } from './engine.ts';

export interface EngineStatement {
  readonly sql: string;
  readonly columnTypes: readonly SqlType[];
  readonly clock: Clock;
  /** How long one call may compute. */
  readonly timeLimitMs: number;
}

/** How often a statement is restarted if its process ended before its first row. */
const startsMax = 2;

/**
 * Rows of a statement that an engine computes on demand. If its process ends before the first row,
 * because of another statement, the statement is restarted.
 */
export function engineRows(engine: Engine, statement: EngineStatement): RowSource {
  const { sql, columnTypes, clock, timeLimitMs } = statement;
  let running: { readonly child: EngineChild; readonly query: number } | undefined;
  let starts = 0;
  let hasRows = false;
  let isStopped = false;
  let reading = new AbortController();
  let ending: Promise<void> | undefined;
  return {
    next: async () => {
      reading = new AbortController();
      try {
        return await read();
      } finally {
        reading.abort();
        await ending;
      }
    },
    interrupt: () => {
      isStopped = true;
      if (running) ending = endWithin(running.child, running.query, reading.signal);
    },
    close: () => running?.child.send({ kind: 'close', query: running.query }),
  };

  async function read(): Promise<readonly string[]> {
    for (;;) {
      running ??= await start();
      if (isStopped) throw new Error('INTERRUPT Error: Interrupted!');
      try {
        const rows = await running.child.next(running.query, timeLimitMs);
        hasRows = true;
        return rows;
      } catch (error) {
        const isLost = error instanceof EngineLostError;
        if (!isLost || hasRows || isStopped || starts >= startsMax) throw error;
        await running.child.ended;
        running = undefined;
      }
    }
  }

  async function start() {
    const child = await engine.process();
    starts += 1;
    const query = child.newQuery();
    child.send({ kind: 'start', query, sql, columnTypes });
    return { child, query };
  }

  /**
   * DuckDB checks for interrupts only between chunks of rows, and the time of one chunk is
   * unlimited.
   */
  async function endWithin(child: EngineChild, query: number, ended: AbortSignal): Promise<void> {
    child.send({ kind: 'interrupt', query });
    await clock.sleep(graceMs(timeLimitMs), ended).then(
      () => child.kill('a query continued after it was stopped', 'time'),
      () => undefined,
    );
  }
}

/** Together with the time limit, less than one and a half times the limit. */
function graceMs(timeLimitMs: number): number {
  return Math.min(5000, Math.max(250, 0.4 * timeLimitMs));
}
