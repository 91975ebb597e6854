import { types, type ScalarType } from '../types/sql-type.ts';

/**
 * The types that a function's parameter accepts: a type, or a pattern with variables. `N` is a
 * variable for numbers only, and every other capital letter for any type.
 */
export type TypePattern =
  | { readonly kind: 'type'; readonly type: ScalarType }
  | { readonly kind: 'variable'; readonly name: string }
  /** `point`: the row of time and value that a timeseries of the element is made of. */
  | { readonly kind: 'array' | 'timeseries' | 'point'; readonly element: TypePattern }
  | { readonly kind: 'row'; readonly fields: readonly TypePattern[] }
  | {
      readonly kind: 'lambda';
      readonly parameters: readonly TypePattern[];
      readonly returns: TypePattern;
    };

/** A function's signature in parts. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly TypePattern[];
  /** The last parameter may come any number of times, also none. */
  readonly isVariadic: boolean;
  readonly returns: TypePattern;
}

const scalars: Readonly<Record<string, ScalarType>> = {
  boolean: types.boolean,
  integer: types.integer,
  bigint: types.bigint,
  double: types.double,
  varchar: types.varchar,
  timestamp: types.timestamp,
  date: types.date,
  time: types.time,
  duration: types.duration,
  months: types.months,
};

/** Reads a signature such as `filter(array(T), (T) => boolean) -> array(T)`. */
export function parseSignature(text: string): Signature {
  const reader = new Reader(text);
  const name = reader.word();
  reader.expect('(');
  const parameters: TypePattern[] = [];
  let isVariadic = false;
  while (!reader.accept(')')) {
    parameters.push(readPattern(reader));
    isVariadic = reader.accept('...');
    reader.accept(',');
  }
  reader.expect('->');
  return { name, parameters, isVariadic, returns: readPattern(reader) };
}

function readPattern(reader: Reader): TypePattern {
  if (reader.accept('(')) {
    const parameters = [];
    while (!reader.accept(')')) {
      parameters.push(readPattern(reader));
      reader.accept(',');
    }
    reader.expect('=>');
    return { kind: 'lambda', parameters, returns: readPattern(reader) };
  }
  const word = reader.word();
  if (word === 'row') {
    reader.expect('(');
    const fields = [];
    while (!reader.accept(')')) {
      fields.push(readPattern(reader));
      reader.accept(',');
    }
    return { kind: 'row', fields };
  }
  if (word === 'array' || word === 'timeseries' || word === 'point') {
    reader.expect('(');
    const element = readPattern(reader);
    reader.expect(')');
    return { kind: word, element };
  }
  const type = scalars[word];
  return type ? { kind: 'type', type } : { kind: 'variable', name: word };
}

/**
 * Signatures are part of this code, so a mistake in one is a bug and stops the process at its
 * start.
 */
class Reader {
  readonly #tokens: string[];

  constructor(text: string) {
    this.#tokens = text.match(/\w+|\.\.\.|->|=>|[(),]/g) ?? [];
  }

  word(): string {
    const token = this.#tokens.shift() ?? '';
    if (!/^\w+$/.test(token)) throw new SyntaxError(`reading a signature: ${token} is not a word`);
    return token;
  }

  accept(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) throw new SyntaxError(`reading a signature: ${token} is missing`);
  }
}

/** How messages write a signature. */
export function signatureText({ name, parameters, isVariadic }: Signature): string {
  return `${name}(${parameters.map(patternText).join(', ')}${isVariadic ? '...' : ''})`;
}

function patternText(pattern: TypePattern): string {
  switch (pattern.kind) {
    case 'type':
      return pattern.type.kind;
    case 'variable':
      return pattern.name;
    case 'array':
    case 'timeseries':
    case 'point':
      return `${pattern.kind}(${patternText(pattern.element)})`;
    case 'row':
      return `row(${pattern.fields.map(patternText).join(', ')})`;
    case 'lambda':
      return `function(${[...pattern.parameters, pattern.returns].map(patternText).join(', ')})`;
  }
}
