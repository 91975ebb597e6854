/** `fail`: a service cannot work like this. `warn`: it can, and somebody should look. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** What one look has found. */
export interface Finding {
  /** What was looked at, e.g. `stream highwater-raw`. */
  readonly what: string;
  readonly verdict: Verdict;
  /** How it is, in words. */
  readonly found: string;
  /** What to do about it; absent when all is well. */
  readonly fix?: string | undefined;
}
