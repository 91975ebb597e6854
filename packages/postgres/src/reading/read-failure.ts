import { QueryRefusedError, StoreUnavailableError, type TextPlace } from '@highwater/store-kit';
import { DatabaseError } from 'pg';
import { classifyFailure } from '../classify-failure.ts';

/**
 * The error of a statement that reads, as a caller sees it.
 *
 * @param placeOf where a position in the text that was sent is for whoever wrote it
 */
export function readFailure(
  error: unknown,
  placeOf: (position: number) => TextPlace | undefined,
): QueryRefusedError | StoreUnavailableError {
  if (error instanceof QueryRefusedError || error instanceof StoreUnavailableError) return error;
  const failure = classifyFailure(error);
  const { message, code, hint } = error as { message?: string; code?: string; hint?: string };
  // Of what may pass later, only the attempt to write is the statement's own fault.
  if (error instanceof DatabaseError && (isRefusal(failure.kind) || code === '25006')) {
    const position = Number(error.position);
    const place = Number.isNaN(position) ? undefined : placeOf(position);
    const advice = hint === undefined ? '' : ` (${hint})`;
    return new QueryRefusedError(`${error.message}${advice}`, place, { cause: error });
  }
  const isSlow = failure.kind === 'retry' && failure.reason === 'timeout';
  const what = isSlow
    ? 'it did not answer in time'
    : [code, message ?? String(error)].filter((part) => part !== undefined).join(': ');
  return new StoreUnavailableError(`querying PostgreSQL: ${what}`, { cause: error });
}

function isRefusal(kind: ReturnType<typeof classifyFailure>['kind']): boolean {
  return kind === 'fatal' || kind === 'missing' || kind === 'no_partition';
}

/** Line and column of a character, counted from 1 as PostgreSQL counts; none before the text. */
export function placeIn(text: string, position: number): TextPlace | undefined {
  if (position < 1) return undefined;
  const before = Array.from(text)
    .slice(0, position - 1)
    .join('')
    .split('\n');
  return { line: before.length, column: Array.from(before.at(-1) ?? '').length + 1 };
}
