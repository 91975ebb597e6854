import type { Expression, IntervalField, Name } from '../ast/nodes.ts';
import { SqlError, type Position } from '../sql-error.ts';
import type { Cursor } from './cursor.ts';
import { parseCall } from './parse-call.ts';
import { parseTypeName } from './parse-type-name.ts';

/** Primary expressions: literals, names, calls, and everything in parentheses. */
export function parsePrimary(cursor: Cursor): Expression {
  const { token, at } = cursor;
  switch (token.kind) {
    case 'integer':
      return { kind: 'integer', at, text: cursor.next().text };
    case 'decimal':
      return { kind: 'decimal', at, text: cursor.next().text };
    case 'string':
      return { kind: 'string', at, value: cursor.next().text };
    case 'parameter':
      return { kind: 'parameter', at, name: cursor.next().text };
    case 'duration': {
      const [, count = '', unit = ''] = /^([\d.]+)(.*)$/.exec(cursor.next().text) ?? [];
      return { kind: 'duration', at, count, unit: unit.toLowerCase() };
    }
    case 'symbol':
      if (token.text === '(') return parseBrackets(cursor, at);
      throw cursor.mismatch('<expression>');
    case 'word':
      return parseKeyword(cursor, at) ?? parseNamed(cursor, at);
    case 'quoted':
      return parseNamed(cursor, at);
    case 'end':
      throw cursor.mismatch('<expression>');
  }
}

/** Expressions that start with a keyword; undefined when the word is a name. */
function parseKeyword(cursor: Cursor, at: Position): Expression | undefined {
  const { upper } = cursor.token;
  switch (upper) {
    case 'NULL':
      cursor.next();
      return { kind: 'null', at };
    case 'TRUE':
    case 'FALSE':
      cursor.next();
      return { kind: 'boolean', at, value: upper === 'TRUE' };
    case 'CASE':
      return parseCase(cursor, at);
    case 'CAST':
    case 'TRY_CAST':
      return cursor.isSymbol('(', 1) ? parseCast(cursor, at, upper === 'TRY_CAST') : undefined;
    case 'EXISTS':
      return parseExists(cursor, at);
    case 'EXTRACT':
      return parseExtract(cursor, at);
    case 'CURRENT_TIMESTAMP':
    case 'CURRENT_DATE':
    case 'CURRENT_TIME':
    case 'LOCALTIMESTAMP':
    case 'LOCALTIME':
      cursor.next();
      return { kind: 'current', at, what: upper };
    case 'INTERVAL':
      return isIntervalLiteral(cursor) ? parseInterval(cursor, at) : undefined;
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      return cursor.peek(1).kind === 'string' ? parseTyped(cursor, at) : undefined;
    case 'POSITION':
      return cursor.isSymbol('(', 1) ? parsePosition(cursor) : undefined;
    case 'ARRAY':
      return cursor.isSymbol('[', 1) ? parseArray(cursor, at) : undefined;
    case 'ROW':
      if (!cursor.isSymbol('(', 1)) return undefined;
      cursor.next();
      return { kind: 'row', at, items: cursor.bracketed(() => cursor.grammar.expression(cursor)) };
    default:
      return undefined;
  }
}

function parseNamed(cursor: Cursor, at: Position): Expression {
  // `DOUBLE '0.5'`: a text as a value of a type.
  if (cursor.token.kind === 'word' && cursor.peek(1).kind === 'string') {
    const type = parseTypeName(cursor);
    const value: Expression = { kind: 'string', at: cursor.at, value: cursor.string() };
    return { kind: 'cast', at, isTry: false, value, type };
  }
  const name = cursor.name();
  if (cursor.isSymbol('(')) return parseCall(cursor, name);
  if (cursor.acceptSymbol('->')) return parseLambda(cursor, at, [name]);
  return { kind: 'identifier', at, name: measureColumn(cursor, name) };
}

/**
 * The name of a column. `measure_value::double` is a single name, with one word before and one
 * after `::`. Nothing else in the dialect has a `::`.
 */
export function measureColumn(cursor: Cursor, name: Name): Name {
  if (!cursor.isSymbol('::')) return name;
  if (name.text.toLowerCase() !== 'measure_value') throw cursor.mismatch('<expression>');
  cursor.next();
  const type = cursor.name();
  return { text: `${name.text}::${type.text}`.toLowerCase(), isQuoted: true, at: name.at };
}

function parseBrackets(cursor: Cursor, at: Position): Expression {
  const { grammar } = cursor;
  if (isLambdaStart(cursor)) {
    cursor.next();
    const names = cursor.isSymbol(')') ? [] : cursor.list(() => cursor.name());
    cursor.expectSymbol(')');
    cursor.expectSymbol('->');
    return parseLambda(cursor, at, names);
  }
  cursor.next();
  if (['SELECT', 'WITH', 'VALUES'].some((keyword) => cursor.isKeyword(keyword))) {
    const query = grammar.query(cursor);
    cursor.expectSymbol(')');
    return { kind: 'scalarQuery', at, query };
  }
  const first = grammar.expression(cursor);
  // `((SELECT 1) UNION (SELECT 2))` shows only here that it is a query.
  if (first.kind === 'scalarQuery' && continuesQuery(cursor)) {
    const query = grammar.queryAfter(cursor, first.query);
    cursor.expectSymbol(')');
    return { kind: 'scalarQuery', at, query };
  }
  const items = [first];
  while (cursor.acceptSymbol(',')) items.push(grammar.expression(cursor));
  cursor.expectSymbol(')');
  return items.length === 1 ? first : { kind: 'row', at, items };
}

/** Whether the next token can only continue a query. */
export function continuesQuery(cursor: Cursor): boolean {
  return ['UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'OFFSET', 'LIMIT'].some((keyword) =>
    cursor.isKeyword(keyword),
  );
}

/** `(a, b) ->`: parentheses that contain only names, followed by an arrow. */
function isLambdaStart(cursor: Cursor): boolean {
  let ahead = 1;
  if (!cursor.isSymbol(')', ahead)) {
    while (cursor.isName(ahead) && cursor.isSymbol(',', ahead + 1)) ahead += 2;
    if (!cursor.isName(ahead)) return false;
    ahead += 1;
  }
  return cursor.isSymbol(')', ahead) && cursor.isSymbol('->', ahead + 1);
}

function parseLambda(cursor: Cursor, at: Position, parameters: readonly Name[]): Expression {
  return { kind: 'lambda', at, parameters, body: cursor.grammar.expression(cursor) };
}

function parseCase(cursor: Cursor, at: Position): Expression {
  const { grammar } = cursor;
  cursor.expectKeywords('CASE');
  const operand = cursor.isKeyword('WHEN') ? undefined : grammar.expression(cursor);
  const whens = [];
  do {
    cursor.expectKeywords('WHEN');
    const condition = grammar.expression(cursor);
    cursor.expectKeywords('THEN');
    whens.push({ condition, result: grammar.expression(cursor) });
  } while (cursor.isKeyword('WHEN'));
  const otherwise = cursor.acceptKeywords('ELSE') ? grammar.expression(cursor) : undefined;
  cursor.expectKeywords('END');
  return { kind: 'case', at, operand, whens, otherwise };
}

function parseCast(cursor: Cursor, at: Position, isTry: boolean): Expression {
  cursor.next();
  cursor.expectSymbol('(');
  const value = cursor.grammar.expression(cursor);
  cursor.expectKeywords('AS');
  const type = parseTypeName(cursor);
  cursor.expectSymbol(')');
  return { kind: 'cast', at, isTry, value, type };
}

function parseExists(cursor: Cursor, at: Position): Expression {
  cursor.next();
  cursor.expectSymbol('(');
  const query = cursor.grammar.query(cursor);
  cursor.expectSymbol(')');
  return { kind: 'exists', at, query };
}

/** `POSITION(part IN text)` is `strpos(text, part)`. */
function parsePosition(cursor: Cursor): Expression {
  const name = { ...cursor.name(), text: 'strpos' };
  cursor.expectSymbol('(');
  const part = cursor.grammar.value(cursor);
  cursor.expectKeywords('IN');
  const call = { isStar: false, isDistinct: false, orderBy: [] };
  const text = cursor.grammar.value(cursor);
  cursor.expectSymbol(')');
  return { kind: 'call', at: name.at, name, arguments: [text, part], ...call };
}

function parseExtract(cursor: Cursor, at: Position): Expression {
  cursor.next();
  cursor.expectSymbol('(');
  const field = cursor.name().text.toUpperCase();
  cursor.expectKeywords('FROM');
  const value = cursor.grammar.expression(cursor);
  cursor.expectSymbol(')');
  return { kind: 'extract', at, field, value };
}

function isIntervalLiteral(cursor: Cursor): boolean {
  const signs = cursor.isSymbol('-', 1) || cursor.isSymbol('+', 1) ? 1 : 0;
  return cursor.peek(1 + signs).kind === 'string';
}

function parseInterval(cursor: Cursor, at: Position): Expression {
  cursor.next();
  const isNegative = cursor.acceptSymbol('-');
  if (!isNegative) cursor.acceptSymbol('+');
  const text = cursor.string();
  const from = parseIntervalField(cursor);
  const to = cursor.acceptKeywords('TO') ? parseIntervalField(cursor) : undefined;
  return { kind: 'interval', at, text, isNegative, from, to };
}

function parseIntervalField(cursor: Cursor): IntervalField {
  const field = cursor.acceptOneOf('YEAR', 'MONTH', 'WEEK', 'DAY', 'HOUR', 'MINUTE', 'SECOND');
  if (field !== undefined) return field;
  throw cursor.mismatch("'DAY', 'HOUR', 'MINUTE', 'MONTH', 'SECOND', 'WEEK', 'YEAR'");
}

function parseTyped(cursor: Cursor, at: Position): Expression {
  const type = cursor.next().text.toLowerCase();
  if (type !== 'date' && type !== 'time' && type !== 'timestamp') {
    throw new SqlError(at, `Unknown type: ${type}`);
  }
  return { kind: 'typed', at, type, text: cursor.string() };
}

function parseArray(cursor: Cursor, at: Position): Expression {
  cursor.next();
  cursor.expectSymbol('[');
  const items = cursor.isSymbol(']') ? [] : cursor.list(() => cursor.grammar.expression(cursor));
  cursor.expectSymbol(']');
  return { kind: 'array', at, items };
}
