/** Parts that differ from run to run: times, and how late a point was. */
const varying = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+|(?<="lateByMs":)\d+/g;

/**
 * Whether the output of a command matches a page: each shown line, in order, possibly with other
 * lines between them. In a shown line, `…` matches anything.
 */
export function hasShownLines(printed: string, shown: string): boolean {
  const wanted = lines(shown).map(
    (line) => new RegExp(`^${line.split('…').map(escaped).join('.*')}$`),
  );
  let at = 0;
  for (const line of lines(printed)) if (wanted[at]?.test(line)) at++;
  return at === wanted.length;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Lines that have text. Tables are as wide as what varies, so widths do not count. */
function lines(text: string): readonly string[] {
  return text
    .replaceAll(varying, '*')
    .replaceAll(/─+/g, '─')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '');
}
