import type { Table } from '@aws-sdk/client-timestream-write';
import { poll } from '@highwater/flow';
import { asTimestreamError, classifyFailure } from './classify-failure.ts';
import { TimestreamError } from './errors.ts';
import { callWithRetry, type CallContext } from './retry.ts';
import type { TimestreamTable } from './timestream-table.ts';

/** A table that was just created is usually available immediately. */
const pollMs = 100;

/**
 * Waits until the table can be written to. Creates it and its database if they are missing.
 *
 * Any number of processes may do so at the same time: "exists already" is as good as "created".
 *
 * @throws {TimestreamError} when the table is missing and may not be created, or does not become
 * active within the time for which a request is retried
 */
export async function ensureTable(
  context: CallContext,
  place: TimestreamTable,
  { mayCreate, signal }: { readonly mayCreate: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { clock, log, giveUpAfterMs } = context;
  const { database, table } = place;
  let status: string | undefined;
  const look = async () => {
    const found = await describeTable(context, signal);
    status = found?.TableStatus;
    if (found) return status === 'ACTIVE' ? found : undefined;
    if (!mayCreate) {
      throw unusable(
        `opening table ${table} of database ${database}: it does not exist, and HW_STORE_CREATE is false; create it, or set HW_STORE_CREATE=true`,
      );
    }
    await create(context, `creating database ${database}`, 'createDatabase', signal);
    await create(context, `creating table ${table}`, 'createTable', signal);
    log.info({ database, table }, 'Creating the Timestream table.');
    return undefined;
  };
  const active = await poll(look, { clock, signal, intervalMs: pollMs, timeoutMs: giveUpAfterMs });
  if (active) return warnOfRetention(context, place, active);
  throw unusable(
    `waiting for table ${table}: it is still ${status ?? 'missing'} after ${giveUpAfterMs / 1000} s`,
  );
}

async function describeTable(context: CallContext, signal: AbortSignal) {
  const action = 'describing the table';
  try {
    return await callWithRetry(context, action, (s) => context.api.describeTable(s), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (classifyFailure(error).kind === 'missing') return undefined;
    throw asTimestreamError(action, error);
  }
}

async function create(
  context: CallContext,
  action: string,
  call: 'createDatabase' | 'createTable',
  signal: AbortSignal,
): Promise<void> {
  try {
    await callWithRetry(context, action, (s) => context.api[call](s), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (classifyFailure(error).kind !== 'exists') throw asTimestreamError(action, error);
  }
}

/** An existing table keeps its settings. The log explains why it may reject rows later. */
function warnOfRetention({ log }: CallContext, place: TimestreamTable, table: Table): void {
  const memoryHours = table.RetentionProperties?.MemoryStoreRetentionPeriodInHours;
  const hasMagneticWrites = table.MagneticStoreWriteProperties?.EnableMagneticStoreWrites ?? false;
  if (memoryHours !== place.memoryHours || hasMagneticWrites !== place.hasMagneticWrites) {
    log.warn(
      { memoryHours, hasMagneticWrites },
      'The Timestream table has other retention settings than configured. The service does not change them.',
    );
  }
}

function unusable(message: string): TimestreamError {
  return new TimestreamError(message, {
    domain: 'user',
    retry: 'never',
    exception: 'TableMissing',
  });
}
