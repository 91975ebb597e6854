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
      log.warn(shown(foreign), 'The data directory holds what is not ours; it is left alone.');
    }
    if (torn.length > 0) {
      log.warn(
        { torn },
        'What a crash left unfinished was cut off; it was never acknowledged, and is kept aside.',
      );
    }
    if (damaged.length > 0) {
      log.warn(
        shown(damaged),
        'Files that say what the others hold were missing or damaged, and are made anew.',
      );
    }
    if (givenUp.length > 0) log.warn({ givenUp }, 'Records are gone that were given up.');
    if (removed.length > 0) tellRemoved(log, removed);
  }
}

/** Tells that files are gone whose records the retention has passed over. */
export function tellRemoved(log: Logger, paths: readonly string[]): void {
  log.info({ paths, why: 'retention' }, 'Files of old records were removed.');
}

const shownMax = 10;
