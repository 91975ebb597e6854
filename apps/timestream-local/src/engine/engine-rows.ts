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

/** How often a statement whose process ended before its first row is begun anew. */
const startsMax = 2;

/**
 * Rows of a statement that an engine computes as they are asked for. When its process ends before the
 * first row, because of another statement, it is computed once more.
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

  /** DuckDB looks at an interrupt between chunks of rows only; what one chunk takes has no bound. */
  async function endWithin(child: EngineChild, query: number, ended: AbortSignal): Promise<void> {
    child.send({ kind: 'interrupt', query });
    await clock.sleep(graceMs(timeLimitMs), ended).then(
      () => child.kill('a query continued after it was stopped', 'time'),
      () => undefined,
    );
  }
}

/** Together with the time limit less than half as much again. */
function graceMs(timeLimitMs: number): number {
  return Math.min(5000, Math.max(250, 0.4 * timeLimitMs));
}
