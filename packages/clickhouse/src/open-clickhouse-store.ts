import type { OpenStore } from '@highwater/model';
import type { StoreOptions } from '@highwater/store-kit';
import type { CallContext } from './call-with-retry.ts';
import type { ClickhouseLogin } from './clickhouse-login.ts';
import { ClickhouseStore } from './clickhouse-store.ts';
import { ConflictSample } from './conflict-sample.ts';
import { Connection } from './connection.ts';
import { ensureSchema } from './ensure-schema.ts';
import { MeasureViews } from './measure-views.ts';
import { tableLayout } from './table-layout.ts';

/** For views and the look for conflicts, beside the inserts. */
const socketsBeside = 2;

/**
 * Opens a table, making it and its database when they are missing, and returns when it can be written
 * to. The caller disposes the store after its last write.
 *
 * @throws {ClickhouseError} when it cannot be used: before anything was written
 */
export async function openClickhouseStore(
  login: ClickhouseLogin,
  options: StoreOptions,
): Promise<OpenStore> {
  const { table, mayCreate, requestsInFlightMax, requestTimeoutMs, signal } = options;
  const { clock, log, metrics, random, giveUpAfterMs } = options;
  const { database } = login;
  const connection = new Connection(login, {
    socketsMax: requestsInFlightMax + socketsBeside,
    timeoutMs: requestTimeoutMs,
  });
  const context: CallContext = {
    connection,
    database,
    clock,
    log,
    metrics,
    random,
    giveUpAfterMs,
    requestTimeoutMs,
  };
  try {
    const layout = tableLayout(database, table);
    const retentionDays = await ensureSchema(context, layout, options, signal);
    return new ClickhouseStore({
      context,
      layout,
      retentionDays,
      requestsInFlightMax,
      views: mayCreate ? new MeasureViews(context, layout) : undefined,
      sample: new ConflictSample(context, layout),
    });
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}
