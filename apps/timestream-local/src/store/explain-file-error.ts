import { HighwaterError, isOutOfSpace } from '@highwater/model';
import { DataFileError, OutOfSpaceError } from './errors.ts';

/** DuckDB quotes the system's message. */
const outOfSpace = /No space left on device|Disk quota exceeded|File too large/i;

/** Errors that are not caused by the file's content, so the file needs no repair. */
const fromOutside =
  /Permission denied|Operation not permitted|Read-only file system|Is a directory|Not a directory|Too many open files|Out of Memory|version number/i;

/** Parts of DuckDB's messages about a file that it has not written in this form. */
const damaged =
  /corrupt|checksum|replaying WAL|not a valid DuckDB|Could not read enough bytes|Serialization Error|INTERNAL Error/i;

/** Whether DuckDB refuses every further statement until its file is opened again. */
export function isFatal(error: unknown): boolean {
  return /FATAL Error|INTERNAL Error|has been invalidated/.test(String(error));
}

/** Whether an error says that a DuckDB file is damaged. */
export function isDamage(error: unknown): boolean {
  return damaged.test(String(error));
}

/**
 * Explains an error of opening a DuckDB file, with the file and the fix. Unknown errors count as
 * damage, because with an intact file, DuckDB has no other error.
 */
export function explainOpening(path: string, cause: unknown): Error {
  const message = messageOf(cause);
  const failed = (reason: string) => new DataFileError(`opening ${path}: ${reason}`, { cause });
  const holder = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(message);
  if (holder) {
    return failed(
      `process ${holder[2]} (${holder[1]}) uses it; stop that process or choose another file`,
    );
  }
  // As a word: a damaged file is reported with its block.
  if (/\block\b/i.test(message)) {
    return failed('another process uses it; stop that process or choose another file');
  }
  if (isNoRoom(cause)) return new OutOfSpaceError(path, cause);
  if (fromOutside.test(message) || 'syscall' in Object(cause)) return failed(message);
  return damage(path, 'opening', cause);
}

/** Explains an error of an open file. An error that is not about the file stays unchanged. */
export function explainUsing(path: string | undefined, cause: unknown): unknown {
  if (cause instanceof HighwaterError) return cause;
  if (isNoRoom(cause)) return new OutOfSpaceError(path, cause);
  if (path !== undefined && isDamage(cause)) return damage(path, 'reading', cause);
  return cause;
}

function damage(path: string, action: string, cause: unknown): DataFileError {
  return new DataFileError(
    `${action} ${path}: it or its .wal is damaged; restore both from a backup, or move both away to start empty (${messageOf(cause)})`,
    { cause },
  );
}

/** Whether an error says that there is no room on the disk. */
export function isNoRoom(error: unknown): boolean {
  return isOutOfSpace(error) || outOfSpace.test(String(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
