/**
 * What the foreign servers are known not to hold, by the title of the law. A gap that is closed in a
 * new version fails the suite, so that the list stays true.
 */
export const gaps: Readonly<Record<'kinesalite' | 'kinesis-mock', ReadonlySet<string>>> = {
  kinesalite: new Set([]),
  'kinesis-mock': new Set([]),
};
