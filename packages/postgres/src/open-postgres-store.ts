import type { OpenStore } from '@highwater/model';
import type { StoreOptions } from '@highwater/store-kit';
import type { PostgresAddress } from './address.ts';
import { asPostgresError } from './classify-failure.ts';
import { Connections } from './connections.ts';
import { PostgresStore } from './postgres-store.ts';
import { callWithRetry, type CallContext } from './retry.ts';
import { Days } from './schema/days.ts';
import { ensureSchema } from './schema/ensure-schema.ts';
import { schemaNames } from './schema/schema-names.ts';
import { MeasureViews } from './writing/measure-views.ts';
import { SeriesIds } from './writing/series-ids.ts';
import { UpsertStatements } from './writing/upsert-rows.ts';

/** How often days are made ahead and dropped. */
const maintenanceMs = 600_000;

/**
 * Opens a table of a PostgreSQL database, making or updating its schema when it may, and returns when
 * it can be written to. Any number of processes may open the same one at once.
 *
 * Needs PostgreSQL 14, the encoding UTF8, and a user who owns the schema, or is a member of its owner's
 * role; to make the schema, the right to create one in the database. While the store is open it makes
 * the partitions of the next days, and drops those that are older than `retentionDays`, by the clock of
 * the server and by its own.
 *
 * @throws {PostgresError} when it cannot be used
 */
export async function openPostgresStore(
  address: PostgresAddress,
  options: StoreOptions,
): Promise<OpenStore> {
  const { table, mayCreate, retentionDays, signal, clock, log, metrics, random } = options;
  const { requestsInFlightMax, requestTimeoutMs, giveUpAfterMs } = options;
  const names = schemaNames(address.schema);
  const seriesIds = new SeriesIds(names);
  const views = new MeasureViews(names, { table, log });
  const forget = () => {
    seriesIds.forget();
    views.forget();
  };
  const connections = await Connections.to(address, {
    connectionsMax: requestsInFlightMax + maintenanceConnections,
    timeoutMs: requestTimeoutMs,
    onServerChanged: forget,
  });
  const context: CallContext = {
    connections,
    clock,
    log,
    metrics,
    random,
    timeoutMs: requestTimeoutMs,
    giveUpAfterMs,
    onServerLost: forget,
  };
  const action = `opening database ${address.database} on ${address.host}:${address.port} as ${address.user}`;
  try {
    const { timescale } = await callWithRetry(
      context,
      {
        action,
        task: (connection) => ensureSchema(connection, { address, names, table, mayCreate }),
        isOpen: false,
      },
      signal,
    );
    const days = new Days({ names, table, retentionDays, timescale });
    const makeAhead = (either: AbortSignal) =>
      callWithRetry(
        context,
        { action: 'making partitions', task: (connection) => days.makeAhead(connection) },
        either,
      );
    // Dropping waits for the first maintenance: `setup` and `copy`, which may have another retention
    // than the services, must not remove what these keep.
    // Neither that nor a view waits long for whoever reads: the next maintenance tries again.
    const maintain = async (either: AbortSignal) => {
      await makeAhead(either);
      const once = AbortSignal.any([either, AbortSignal.timeout(requestTimeoutMs)]);
      await connections.run((connection) => views.extendWaiting(connection), once);
      await connections.run((connection) => days.dropOld(connection, clock.nowMs()), once);
    };
    await makeAhead(signal);
    const maintenance = startMaintenance(maintain, context);
    return new PostgresStore({
      context,
      table,
      days,
      seriesIds,
      statements: new UpsertStatements(names, table),
      views,
      requestsInFlightMax,
      close: async () => {
        await maintenance.stop();
        await connections[Symbol.asyncDispose]();
      },
    });
  } catch (error) {
    await connections[Symbol.asyncDispose]();
    signal.throwIfAborted();
    throw asPostgresError(action, error);
  }
}

/** A connection of its own, for it must not wait for writes, nor writes for it. */
const maintenanceConnections = 1;

function startMaintenance(
  maintain: (signal: AbortSignal) => Promise<void>,
  { clock, log }: CallContext,
): { readonly stop: () => Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;
  const loop = async () => {
    while (!signal.aborted) {
      try {
        await clock.sleep(maintenanceMs, signal);
        await maintain(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn(
          { err: error },
          'Partitions or views could not be made, or old partitions not dropped; trying again later.',
        );
      }
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopped.abort(new DOMException('the store is closed', 'AbortError'));
      await running;
    },
  };
}
