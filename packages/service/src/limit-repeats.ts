/** What to do with one log line. */
export interface RepeatVerdict {
  readonly isLogged: boolean;
  /** How many lines of the same message were suppressed since the last one that was logged. */
  readonly suppressed: number;
}

/** Decides which repeats of a message are logged. */
export interface RepeatLimit {
  judge(key: string): RepeatVerdict;
  /** Forgets everything, and returns the messages that had suppressed lines. */
  drain(): readonly { readonly key: string; readonly suppressed: number }[];
}

/**
 * Messages are fixed sentences, so no service comes close to this. It limits the damage of a
 * mistake.
 */
const keysMax = 1_000;

/**
 * Logs one line per message every `intervalMs` and counts the others, so that a fault in every
 * batch does not flood the log.
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
