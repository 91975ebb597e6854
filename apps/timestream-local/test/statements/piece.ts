/** A part of a generated statement that can be replaced as a whole: an expression, or a clause. */
export interface Piece {
  /** Pieces of one role can replace each other: the text of a type, or the name of a clause. */
  readonly role: string;
  readonly parts: readonly (string | Piece)[];
  /** The shortest text that can replace it. */
  readonly least: string;
}

/** A piece made from the parts of a template: `` piece('bigint', '0')`length(${text})` ``. */
export function piece(role: string, least: string) {
  return (texts: TemplateStringsArray, ...values: readonly (string | Piece)[]): Piece => {
    const parts = texts.flatMap((text, at) => {
      const value = values[at];
      return value === undefined ? [text] : [text, value];
    });
    return { role, least, parts: parts.filter((part) => part !== '') };
  };
}

/** Pieces with a text between them. */
export function joined(pieces: readonly Piece[], separator: string): (string | Piece)[] {
  return pieces.flatMap((each, at) => (at === 0 ? [each] : [separator, each]));
}

/** The text of the statement. */
export function textOf({ parts }: Piece): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : textOf(part);
  return text;
}

/**
 * The same statement with one piece less, the largest first: a piece is replaced by one of its role
 * inside it, or by its shortest text.
 */
export function* smaller(root: Piece): Generator<Piece> {
  const places = [...placesOf(root, [])].toSorted((a, b) => b.length - a.length);
  for (const { at, piece: old } of places) {
    for (const inner of old.parts) {
      if (typeof inner === 'string') continue;
      for (const { piece: candidate } of placesOf(inner, [])) {
        if (candidate.role === old.role) yield replaced(root, at, candidate);
      }
    }
    const least: Piece = { role: old.role, least: old.least, parts: [old.least] };
    if (textOf(old) !== old.least) yield replaced(root, at, least);
  }
}

interface Place {
  readonly piece: Piece;
  /** Positions among the parts, from the root. */
  readonly at: readonly number[];
  readonly length: number;
}

function* placesOf(of: Piece, at: readonly number[]): Generator<Place> {
  yield { piece: of, at, length: textOf(of).length };
  for (const [index, part] of of.parts.entries()) {
    if (typeof part !== 'string') yield* placesOf(part, [...at, index]);
  }
}

function replaced(root: Piece, [first, ...rest]: readonly number[], by: Piece): Piece {
  if (first === undefined) return by;
  const parts = root.parts.map((part, index) =>
    index === first && typeof part !== 'string' ? replaced(part, rest, by) : part,
  );
  return { ...root, parts };
}
