import type { PreparedRow, Settle } from '@highwater/store-kit';
import { classifyFailure, asTimestreamError } from './classify-failure.ts';
import { encodeRequest } from './encode-request.ts';
import { readReject } from './read-reject.ts';
import { callWithRetry, type CallContext } from './retry.ts';

/**
 * Writes the rows of one request until each has its outcome.
 *
 * A request that is rejected as a whole stored nothing, so it is cut in two until the bad rows are
 * isolated. Rows and versions stay the same in all attempts, so repeating them is harmless.
 */
export async function writeRequest(
  context: CallContext,
  rows: readonly PreparedRow[],
  settle: Settle,
  signal: AbortSignal,
): Promise<void> {
  context.metrics.requestRecords.observe(rows.length);
  const encoded = encodeRequest(rows.map(({ row }) => row));
  const action = `writing ${rows.length} rows`;
  try {
    await callWithRetry(
      context,
      action,
      (attempt) => context.api.writeRecords(encoded, attempt),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    const failure = classifyFailure(error);
    if (failure.kind === 'rejects') return settleRejects(rows, failure.rejects, settle);
    if (failure.kind !== 'invalid') throw asTimestreamError(action, error);
    const [first] = rows;
    if (first && rows.length === 1) {
      return settle(first, { status: 'rejected', reason: 'invalid', detail: failure.detail });
    }
    context.metrics.bisections.inc();
    const middle = rows.length >>> 1;
    await writeRequest(context, rows.slice(0, middle), settle, signal);
    return writeRequest(context, rows.slice(middle), settle, signal);
  }
  for (const row of rows) settle(row, { status: 'written' });
}

type Rejects = Extract<ReturnType<typeof classifyFailure>, { kind: 'rejects' }>['rejects'];

/** Rows that are not in the list of rejects are stored. */
function settleRejects(rows: readonly PreparedRow[], rejects: Rejects, settle: Settle): void {
  const byIndex = new Map(rejects.map((reject) => [reject.RecordIndex, reject]));
  rows.forEach((prepared, index) => {
    const reject = byIndex.get(index);
    settle(prepared, reject ? readReject(prepared.row, reject) : { status: 'written' });
  });
}
