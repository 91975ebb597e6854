/** What to do with one log line. */
export interface RepeatVerdict {
  readonly isLogged: boolean;
  /** Lines of the same message held back since the last one that was logged. */
  readonly suppressed: number;
}

/** Decides which repeats of a message are logged. */
export interface RepeatLimit {
  judge(key: string): RepeatVerdict;
  /** Forgets everything, and tells which messages had lines held back. */
  drain(): readonly { readonly key: string; readonly suppressed: number }[];
}

/** Messages are fixed sentences, so this is far above what a service has; it bounds a mistake. */
const keysMax = 1_000;

/**
 * Lets one line a message through every `intervalMs` and counts the others, so that a fault that
 * meets every batch does not flood the log.
 */
export function limitRepeats(intervalMs: number, monotonicMs: () => number): RepeatLimit {
  const seen = new Map<string, { loggedAtMs: number; suppressed: number }>();
  return {
    judge: (key) => {
      const nowMs = monotonicMs();
      const entry = seen.get(key);
      if (entry !== undefined && nowMs - entry.loggedAtMs < intervalMs) {
        entry.suppressed += 1;
        return { isLogged: false, suppressed: 0 };
      }
      if (entry === undefined && seen.size >= keysMax) seen.clear();
      seen.set(key, { loggedAtMs: nowMs, suppressed: 0 });
      return { isLogged: true, suppressed: entry?.suppressed ?? 0 };
    },
    drain: () => {
      const held = [...seen]
        .map(([key, { suppressed }]) => ({ key, suppressed }))
        .filter(({ suppressed }) => suppressed > 0);
      seen.clear();
      return held;
    },
  };
}
