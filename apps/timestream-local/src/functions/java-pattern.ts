import { FunctionError } from './function-error.ts';

/** A constant pattern of Java's, as RE2 reads it. */
export interface JavaPattern {
  readonly re2: string;
  /** The name of each capturing group, if it has one. */
  readonly groups: readonly (string | undefined)[];
}

/** Constructs after `(?` that RE2 does not support. */
const lookAround = /^\((?:\?<?[=!]|\?>)/;

/**
 * Translates a pattern, so that a feature that RE2 lacks causes an error with a position instead of
 * having another meaning.
 *
 * @throws {FunctionError} for look-around, back-references, and possessive quantifiers
 */
export function javaPattern(pattern: string): JavaPattern {
  const groups: (string | undefined)[] = [];
  let re2 = '';
  let isInClass = false;
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const piece = nextPiece(rest, isInClass);
    if (piece.text === '[' || piece.text === ']') isInClass = piece.text === '[';
    if (piece.group) groups.push(piece.group.name);
    re2 += piece.re2 ?? piece.text;
    at += piece.text.length;
  }
  return { re2, groups };
}

interface Piece {
  readonly text: string;
  readonly re2?: string;
  readonly group?: { readonly name: string | undefined };
}

function nextPiece(rest: string, isInClass: boolean): Piece {
  const quoted = /^\\Q[\s\S]*?(?:\\E|$)/.exec(rest)?.[0];
  if (quoted !== undefined) return { text: quoted };
  if (rest.startsWith('\\')) {
    if (!isInClass && /^\\(?:[1-9]|k<)/.test(rest)) throw unknown('back-references');
    return { text: rest.slice(0, 2) };
  }
  if (isInClass) return { text: rest.charAt(0) };
  if (lookAround.test(rest)) throw unknown('look-around and atomic groups');
  const possessive = /^(?:[*+?]|\{\d+(?:,\d*)?\})\+/.test(rest);
  if (possessive) throw unknown('possessive quantifiers');
  const name = /^\(\?<(\w+)>/.exec(rest);
  if (name) return { text: name[0], re2: `(?P<${name[1]}>`, group: { name: name[1] } };
  if (rest.startsWith('(') && !rest.startsWith('(?')) {
    return { text: '(', group: { name: undefined } };
  }
  return { text: rest.charAt(0) };
}

function unknown(what: string): FunctionError {
  return new FunctionError(`${what} in a regular expression are not supported here`);
}

/**
 * Translates the text that replaces a match: `$1` and `${name}` are groups, a backslash makes the
 * next character an ordinary one. A number takes as many digits as there are groups for.
 *
 * @throws {FunctionError} for a group that the pattern does not have
 */
export function javaReplacement(text: string, groups: JavaPattern['groups']): string {
  return text.replace(/\\([\s\S]?)|\$\{(\w+)\}|\$(\d+)|[\s\S]/g, (found, escaped, name, digits) => {
    if (typeof name === 'string') return reference(groups.indexOf(name) + 1, `{${name}}`);
    if (typeof digits === 'string') {
      const length = longestGroup(digits, groups.length);
      return reference(Number(digits.slice(0, length)), digits) + digits.slice(length);
    }
    if (escaped === '') throw new FunctionError('Incomplete escape sequence in a replacement');
    const character = typeof escaped === 'string' ? escaped : found;
    if (character === '$' && escaped === undefined) {
      throw new FunctionError(
        'Illegal replacement: a $ that is not part of a group needs a backslash',
      );
    }
    return character === '\\' ? '\\\\' : character;
  });

  function reference(group: number, shown: string): string {
    const isKnown = shown.startsWith('{') ? group > 0 : group <= groups.length;
    if (!isKnown) throw new FunctionError(`No group ${shown}`);
    if (group > 9)
      throw new FunctionError('groups above 9 in a replacement are not supported here');
    return `\\${group}`;
  }
}

function longestGroup(digits: string, count: number): number {
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= count) length += 1;
  return length;
}
