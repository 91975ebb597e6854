/** A phrase that stops a native reader, and how to write instead. */
export interface OddPhrase {
  readonly pattern: RegExp;
  readonly instead: string;
}

/** Each pattern is global. */
export const oddPhrases: readonly OddPhrase[] = [
  {
    pattern:
      /(?:^|[.;:!?(,] *|\b(?:tells?|says?|of|to|for|than|and|or) )(?:what|who|whoever) (?!(?:you|to|if|it|changed|happens|happened|is new|can|may)\b)[a-z]+/gi,
    instead: 'start with a noun, not with what or who',
  },
  {
    pattern: /\b(?:those (?:that|of|in|with|who)|one (?:that|with|by))\b/gi,
    instead: 'repeat the noun',
  },
  {
    pattern:
      /\b(?:bytes|calls?|connections?|files?|kB|lines?|MB|ms|one|points?|puts?|reads?|records?|rows?|shards?|tables?|two|four|\d) an? (?:batch|call|consumer|core|happening|line|measure|point|put|reader|record|replica|request|row|series|service|shard|view|window|worker)\b/gi,
    instead: 'write per',
  },
  {
    pattern:
      /\b(?:beg[iu]ns?|begun|c(?:omes?|ame) (?:about|by|for|in|out|too)|ends? in|give[sn]? (?:on|up|way)|goes? (?:by|into|on|with)|held by|let(?:s|ting)? go|look(?:s|ed)? (?:after|at|for)|makes? what|mend(?:s|ed|ing)?|reads? on|speaks? of|stands? (?:beside|by|for|in|still)|taken (?:as|for)|tells?|told)\b/gi,
    instead: 'use the verb that an engineer would say',
  },
  {
    pattern:
      /\b(?:also when|as (?:it is|they are)|as well when|at once|beside|by (?:itself|themselves)|else(?! if)|in any case|in silence|meanwhile|no fault|one after the other|so (?:long(?! as)|many)|so that (?:no|none|nothing|something))\b/gi,
    instead: 'use a plain connector: immediately, otherwise, next to, either way',
  },
  {
    pattern:
      /, for (?:an?|it|its|no|the|their|they)\b|(?<!\bthere )\b(?:are|is|was|were) no (?!longer\b)[a-z]+/gi,
    instead: 'write because, or: is not a',
  },
];
