import { ServiceException } from '@highwater/kinesis-engine';

/** The reason of the operating system, in words, with the remedy if it is known. */
export function diskReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return 'no space left on the disk; free some space';
  if (code === 'EDQUOT') return 'the quota of the disk is used up; free some space';
  return message;
}

/** The answer to a client when a file could not be written or read. */
export function storageFailure(doing: string, error: unknown): ServiceException {
  if (error instanceof ServiceException) return error;
  return new ServiceException('InternalFailure', `${doing}: ${diskReason(error)}`);
}
