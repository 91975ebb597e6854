import type { Logger } from '@highwater/model';

/** What was found while a directory was opened, to be logged in one line for each kind. */
export class RecoveryNotes {
  /** Paths of what is not ours. */
  readonly foreign: string[] = [];
  /** What a crash left unfinished at the ends of segments. */
  readonly torn: { readonly path: string; readonly bytes: number; readonly keptIn: string }[] = [];
  /** Files that only help, and are made anew. */
  readonly damaged: string[] = [];
  /** Records that a person has given up. */
  readonly givenUp: {
    readonly directory: string;
    readonly first: number;
    readonly last: number;
  }[] = [];
  /** Files whose records the retention had passed over before the last stop. */
  readonly removed: string[] = [];

  log(log: Logger): void {
    const { foreign, torn, damaged, givenUp, removed } = this;
    const shown = <T>(all: readonly T[]) => ({ count: all.length, first: all.slice(0, shownMax) });
    if (foreign.length > 0) {
      log.warn(
        shown(foreign),
        'The data directory contains files that this server did not create; they are not changed.',
      );
    }
    if (torn.length > 0) {
      log.warn(
        { torn },
        'Cut off records that a crash left incomplete. They were never acknowledged, and a copy is kept.',
      );
    }
    if (damaged.length > 0) {
      log.warn(shown(damaged), 'Index files were missing or damaged; rebuilding them.');
    }
    if (givenUp.length > 0) log.warn({ givenUp }, 'Records that were marked as lost are gone.');
    if (removed.length > 0) tellRemoved(log, removed);
  }
}

/** Tells that files are gone whose records the retention has passed over. */
export function tellRemoved(log: Logger, paths: readonly string[]): void {
  log.info({ paths, why: 'retention' }, 'Removed files of old records.');
}

const shownMax = 10;
