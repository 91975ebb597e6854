/** The device is full, the user's quota is used up, or the file has reached the maximum size. */
const codes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Whether a write failed for lack of space. The same write succeeds once somebody has freed some.
 */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof Error && codes.has((error as NodeJS.ErrnoException).code);
}
