/** One part of a pattern: this character, any one character, or any number of characters. */
type Token = { readonly char: string } | 'any' | 'many';

/** A set of texts: all texts that match the tokens from the first to the last. */
export type TextPattern = readonly Token[];

/** The character that represents any character in an example. */
const filler = 'x';

/** A text as a pattern of itself. */
export function literal(text: string): TextPattern {
  // By code units, as globs are matched.
  return text.split('').map((char) => ({ char }));
}

/** A text that is not empty. */
export const someText: TextPattern = ['any', 'many'];

/** The texts of a glob that are not empty: nothing in a point that is named is empty. */
export function globPattern(glob: string): TextPattern {
  if (/^\*+$/.test(glob)) return someText;
  return literal(glob.replaceAll(/\*+/g, '*')).map((token) =>
    token !== 'any' && token !== 'many' && token.char === '*' ? 'many' : token,
  );
}

/** A text that both patterns have; undefined when there is none. */
export function commonText(a: TextPattern, b: TextPattern): string | undefined {
  if (beginOtherwise(a, b)) return undefined;
  // States are pairs of places in both patterns; breadth first, so that the text is short.
  const width = b.length + 1;
  const goal = a.length * width + b.length;
  const cameFrom = new Map<number, { readonly state: number; readonly text: string }>();
  const queue = [0];
  for (const state of queue) {
    if (state === goal) break;
    for (const [next, text] of steps(a, b, Math.floor(state / width), state % width)) {
      const reached = next[0] * width + next[1];
      if (reached === 0 || cameFrom.has(reached)) continue;
      cameFrom.set(reached, { state, text });
      queue.push(reached);
    }
  }
  if (goal !== 0 && !cameFrom.has(goal)) return undefined;
  let text = '';
  for (let at = cameFrom.get(goal); at; at = cameFrom.get(at.state)) text = at.text + text;
  return text;
}

/** Whether the fixed prefixes differ, which distinguishes most patterns. */
function beginOtherwise(a: TextPattern, b: TextPattern): boolean {
  for (let at = 0; ; at++) {
    const left = a[at];
    const right = b[at];
    if (typeof left === 'string' || typeof right === 'string') return false;
    if (left?.char !== right?.char) return true;
    if (!left) return false;
  }
}

type Step = readonly [places: readonly [number, number], text: string];

/** From two places of the patterns on: past a `many`, or over one character of both. */
function steps(a: TextPattern, b: TextPattern, i: number, j: number): readonly Step[] {
  const left = a[i];
  const right = b[j];
  const found: Step[] = [];
  if (left === 'many') found.push([[i + 1, j], '']);
  if (right === 'many') found.push([[i, j + 1], '']);
  if (left === undefined || right === undefined) return found;
  const charOf = (token: Token) => (typeof token === 'string' ? undefined : token.char);
  const text = charOf(left) ?? charOf(right) ?? filler;
  if ((charOf(left) ?? text) !== text || (charOf(right) ?? text) !== text) return found;
  found.push([[left === 'many' ? i : i + 1, right === 'many' ? j : j + 1], text]);
  return found;
}
