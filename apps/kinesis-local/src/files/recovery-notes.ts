import type { Logger } from '@highwater/model';

/** Observations while a directory was opened, logged as one line per kind. */
export class RecoveryNotes {
  /** Paths of foreign files. */
  readonly foreign: string[] = [];
  /** Incomplete appends at the ends of segments, left by a crash. */
  readonly torn: { readonly path: string; readonly bytes: number; readonly keptIn: string }[] = [];
  /** Auxiliary files, which are rebuilt. */
  readonly damaged: string[] = [];
  /** Records that a person has given up. */
  readonly givenUp: {
    readonly directory: string;
    readonly first: number;
    readonly last: number;
  }[] = [];
  /** Files of records that expired before the last stop. */
  readonly removed: string[] = [];

  log(log: Logger): void {
    const { foreign, torn, damaged, givenUp, removed } = this;
    const shown = <T>(all: readonly T[]) => ({ count: all.length, first: all.slice(0, shownMax) });
    if (foreign.length > 0) {
      log.warn(
        shown(foreign),
        'The data directory contains files that this server did not create. It ignores them.',
      );
    }
    if (torn.length > 0) {
      log.warn(
        { torn },
        'Removed the incomplete records at the end of files, which a crash left there. They were never acknowledged. A copy of them is kept.',
      );
    }
    if (damaged.length > 0) {
      log.warn(shown(damaged), 'Index files were missing or damaged. Rebuilt them.');
    }
    if (givenUp.length > 0)
      log.warn({ givenUp }, 'Continuing without the records that are marked as lost.');
    if (removed.length > 0) tellRemoved(log, removed);
  }
}

/** Logs that files of expired records are gone. */
export function tellRemoved(log: Logger, paths: readonly string[]): void {
  log.info({ paths, why: 'retention' }, 'Removed the files of records that are no longer kept.');
}

const shownMax = 10;
