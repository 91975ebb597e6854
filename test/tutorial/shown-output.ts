/** What differs from run to run: times, and how late a point was. */
const varying = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+|(?<="lateByMs":)\d+/g;

/**
 * Whether a command printed what a page shows: each shown line, in order, with other lines between them at
 * most. In a shown line, `…` stands for anything.
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
