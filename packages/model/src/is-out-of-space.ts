/** No room on the device, none in the user's quota of it, none in the largest file it takes. */
const codes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether a write failed for lack of room: the same write succeeds once somebody has made some. */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof Error && codes.has((error as NodeJS.ErrnoException).code);
}
