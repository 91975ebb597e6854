import { HighwaterError } from '@highwater/model';
import { AssertionError } from 'node:assert/strict';

/** Causes are followed this deep. Nobody nests them deeper on purpose. */
const causesMax = 8;

/**
 * Whether an error that `process` threw may be the fault of its records. An error caused by a store, a
 * stream, a disk, the network, a missing permission or a setting is not, up to eight causes deep:
 * blaming a record for it would lose a good one.
 */
export function isRecordsFault(error: unknown): boolean {
  return !isFromOutside(error, causesMax);
}

function isFromOutside(error: unknown, depth: number): boolean {
  if (!(error instanceof Error) || depth === 0) return false;
  const { errors } = error as { readonly errors?: unknown };
  return (
    isOutside(error) ||
    isFromOutside(error.cause, depth - 1) ||
    (Array.isArray(errors) && errors.some((each) => isFromOutside(each, depth - 1)))
  );
}

function isOutside(error: Error): boolean {
  if (error instanceof HighwaterError) return error.domain !== 'internal';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true;
  // Errors of system calls, and of AWS replies.
  if ('syscall' in error || '$metadata' in error || '$fault' in error) return true;
  return typeof (error as { code?: unknown }).code === 'string' && !isBug(error);
}

/** Caused by values that became too large, whoever created them. */
const sizeCodes: ReadonlySet<unknown> = new Set(['ERR_STRING_TOO_LONG', 'ERR_BUFFER_TOO_LARGE']);

/**
 * Node gives these a code, too. In any other error, a code means a connection, a driver, or a disk.
 */
function isBug(error: Error): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof AssertionError ||
    sizeCodes.has((error as { code?: unknown }).code)
  );
}
