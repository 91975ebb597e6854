/** `fail`: a service cannot work like this. `warn`: it can, but a person should check. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** The result of one check. */
export interface Finding {
  /** The subject of the check, e.g. `stream highwater-raw`. */
  readonly what: string;
  readonly verdict: Verdict;
  /** Its state, in words. */
  readonly found: string;
  /** What to do about it; undefined when everything is fine. */
  readonly fix?: string | undefined;
}
