/**
 * Words that only occur in DuckDB's messages, or in the generated SQL. No client should see them.
 */
const foreign: readonly RegExp[] = [
  /duckdb/i,
  /not supported here: /,
  /\b(?:Binder|Catalog|Parser|Conversion|Constraint|Invalid Input|Out of Range|INTERNAL|Serialization|Fatal) Error\b/i,
  /\bhw_\w+/,
  /\b(?:list|struct|array|json|string|regexp)_\w+\s*\(/,
  /\bU?(?:INT|HUGEINT)(?:8|16|32|64|128)\b|\bU?HUGEINT\b|\bUBIGINT\b/,
  /\bTIMESTAMP_(?:NS|MS|S)\b|\b(?:VARCHAR|DOUBLE|BIGINT|INTEGER)\[\]|\bSTRUCT\(/,
  /max_expression_depth|\bSET \w+ TO\b|\bPRAGMA\b|memory_limit|temp_directory/,
  /Candidate functions|explicit type casts|No function matches|LINE \d+:/,
  /\b[Ll]ambda\b.*\b(?:parameter|function)s? .*(?:detected|support)/,
  /Type \w+ with value|Could not (?:convert|cast|parse)|can't be cast|Casting value|cannot be cast/,
  /Overflow in |Cannot (?:take|compute)|out of range(?:!|$)| is out of range/,
  /\blambda\s+p\d+\b|\bstruct_pack\b|\blist_transform\b/,
];

/** Words of the server's own that look like DuckDB's. */
const own: ReadonlySet<string> = new Set([
  'Numeric value is out of range',
  'The query failed on a value that is out of range or cannot be converted.',
]);

/** Whether a message mentions internals of the server. */
export function isForeign(message: string): boolean {
  return !own.has(message) && foreign.some((pattern) => pattern.test(message));
}

/** Messages of one kind as one text, without the numbers, names, and values in them. */
export function messageClass(message: string): string {
  return message
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, "'…'")
    .replaceAll(/\b[A-Za-z_]*\d[\w.]*/g, 'N')
    .slice(0, 160);
}
