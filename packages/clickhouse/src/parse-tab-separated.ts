/**
 * The values of a result in the engine's format `TabSeparated`, row by row: texts as the engine shows
 * them, and null.
 */
export function parseTabSeparated(text: string): readonly (readonly (string | null)[])[] {
  const lines = text.split('\n');
  // The last line ends, too; and what shows nothing at all has no lines.
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split('\t').map(cell));
}

const escaped: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
};

function cell(text: string): string | null {
  if (text === String.raw`\N`) return null;
  return text.includes('\\')
    ? text.replaceAll(/\\(.)/g, (_, character: string) => escaped[character] ?? character)
    : text;
}
