import type { Signature } from '../../src/functions/type-pattern.ts';
import type { Drawing } from './constants.ts';

/**
 * The best kind of argument for a parameter. Where it must be a constant, nothing else passes the
 * checks.
 */
export interface Hint {
  readonly texts: readonly string[];
  readonly isConstant: boolean;
}

const quote = (texts: readonly string[]) => texts.map((text) => `'${text.replaceAll("'", "''")}'`);
const ofConstants = (texts: readonly string[]): Hint => ({ texts: quote(texts), isConstant: true });
const ofTexts = (texts: readonly string[]): Hint => ({ texts: quote(texts), isConstant: false });
const ofNumbers = (texts: readonly string[]): Hint => ({ texts, isConstant: false });
const ofFixed = (texts: readonly string[]): Hint => ({ texts, isConstant: true });

const timeUnits = ['millisecond', 'second', 'minute', 'hour'];
const dateUnits = ['day', 'week', 'month', 'quarter', 'year'];
const mysqlFormats = ofTexts([
  '%Y-%m-%d %H:%i:%s',
  '%a %b %c %d %e %f %H %h %i %j %k %l %M %m %p %r %S %s %T %W %Y %y %%',
  '%Y',
  '%x%v',
  '%',
  'no format',
  '%D',
]);
const jodaFormats = ofTexts([
  'yyyy-MM-dd HH:mm:ss',
  "EEEE, d MMMM yyyy 'at' h:mm a",
  'yyyyMMddHHmmssSSS',
  'xxxx-ww-e',
  'ZZ',
  "''",
  'GGGG CC YY',
  'SSSSSSSSSSSSSSSSSSSSS',
  'DDD',
]);
/** RE2 evaluates these in linear time. Others take forever, or too much memory. */
const patterns = ofConstants([
  'a',
  '(a+)+$',
  '(a|aa)*b',
  '(.*)*(.*)*(.*)*x',
  '([a-z]+)([0-9]*)',
  '(?<name>[A-Z]\\w+)',
  '',
  '.',
  '\\d+',
  '[^,]*',
  '(a?){50}a{50}',
  '(?i)hello',
  '^.{0,500}$',
  '\\p{L}+',
  '((a{0,30}){0,30})',
]);
const paths = ofTexts(['$', '$.a', '$[0]', '$.a[1].b', '$["c"]', '$[2][1]', '$.x']);
const documents = ofTexts([
  '{"a": [1, {"b": null}], "c": "x"}',
  '[1, 2, [3, "a"], {"k": 1.5}]',
  '"text"',
  '12',
  'null',
  '{',
  '{"a": {"a": {"a": {"a": 1}}}}',
  '[]',
]);
const shares = ofFixed(['0.5', '0.0', '1.0', '0.99', '0.001']);
const someShares = ofFixed(['ARRAY[0.5]', 'ARRAY[0.1, 0.5, 0.9]']);
const manyShares = ofFixed([
  ...someShares.texts,
  'transform(sequence(1, 1000), share -> share / 1001.0)',
]);
const counts = ofFixed(['1', '2', '3', '10', '1000', '10000']);
const padLengths = ofNumbers([
  '0',
  '1',
  '10',
  '100',
  '1000',
  '10000',
  '100000',
  '1000000',
  '1000001',
  '(-1)',
]);
const positions = ofNumbers(['1', '2', '3', '(-1)', '0', '100', '10000', '2147483648']);

const byPlace: Readonly<Record<string, Hint>> = {
  'date_format:1': mysqlFormats,
  'date_parse:1': mysqlFormats,
  'date_parse:0': ofTexts(['2024-03-10 12:00:00', '2024', '10 March 2024', '']),
  'format_datetime:1': jodaFormats,
  'parse_datetime:1': jodaFormats,
  'parse_datetime:0': ofTexts(['2024-03-10 12:00:00', '20240310120000123', '']),
  'regexp_like:1': patterns,
  'regexp_extract:1': patterns,
  'regexp_extract_all:1': patterns,
  'regexp_replace:1': patterns,
  'regexp_split:1': patterns,
  'regexp_extract:2': ofFixed(['0']),
  'regexp_extract_all:2': ofFixed(['0']),
  'json_extract:1': paths,
  'json_extract_scalar:1': paths,
  'json_size:1': paths,
  'json_extract:0': documents,
  'json_extract_scalar:0': documents,
  'json_size:0': documents,
  'json_array_length:0': documents,
  'json_array_get:0': documents,
  'json_array_contains:0': documents,
  'json_parse:0': documents,
  'approx_distinct:1': ofFixed(['0.01', '0.26']),
  'parse_duration:0': ofTexts(['1.5d', '3ms', '10 ns', '1e9d', '-1s', '']),
  'from_iso8601_timestamp:0': ofTexts(['2024-03-10T12:00:00+02:00', '2024-W10-7', '2024-070', '1']),
  'from_iso8601_date:0': ofTexts(['2024-03-10', '2024-W10-7', '9999-12-31', '']),
  'from_base:1': ofNumbers(['2', '10', '16', '36', '1', '37']),
  'to_base:1': ofNumbers(['2', '10', '16', '36', '1', '37']),
  'from_base:0': ofTexts(['ff', '0', '-7fffffffffffffff', 'zz', '']),
  'bit_count:1': ofNumbers(['64', '32', '2', '65', '0']),
  'chr:0': ofNumbers(['65', '0', '1114111', '55296', '(-1)']),
  'lpad:1': padLengths,
  'rpad:1': padLengths,
  'repeat:1': padLengths,
  'substr:1': positions,
  'substring:1': positions,
  'split_part:2': positions,
  'split:2': positions,
  'strpos:2': positions,
  'element_at:1': positions,
  'slice:1': positions,
  'slice:2': positions,
  'json_array_get:1': positions,
  'round:1': ofNumbers(['0', '2', '(-2)', '19', '(-19)', '400', '2147483647']),
  'min:1': counts,
  'max:1': counts,
  'min_by:2': counts,
  'max_by:2': counts,
  'ntile:0': counts,
  'nth_value:1': counts,
  'lag:1': counts,
  'lead:1': counts,
};

/** Known facts about a parameter besides its type, if any. */
export function hintFor({ name, parameters }: Signature, at: number): Hint | undefined {
  if (/^date_(trunc|add|diff)$/.test(name) && at === 0) return unitsFor(parameters);
  if (name === 'approx_percentile' && at > 0) return shareFor(parameters, at);
  return byPlace[`${name}:${at}`];
}

function unitsFor(parameters: Signature['parameters']): Hint {
  const last = parameters.at(-1);
  const kind = last?.kind === 'type' ? last.type.kind : 'timestamp';
  if (kind === 'time') return ofConstants(timeUnits);
  return ofConstants(kind === 'date' ? dateUnits : [...timeUnits, ...dateUnits]);
}

function shareFor(parameters: Signature['parameters'], at: number): Hint | undefined {
  const parameter = parameters[at];
  if (parameter?.kind === 'array') return parameters.length > 2 ? manyShares : someShares;
  return parameter?.kind === 'type' && parameter.type.kind === 'double' ? shares : undefined;
}

/** The text of a hint, or sometimes none, so that parameters also get other values. */
export function drawHint({ random, isWild }: Drawing, hint: Hint | undefined): string | undefined {
  if (!hint || !(hint.isConstant || random.chance(0.85))) return undefined;
  const text = random.pick(hint.texts);
  return isWild || !isCostly(text) ? text : random.pick(hint.texts.slice(0, 2));
}

/** A length or a number of items that is expensive in each row. Larger ones are rejected. */
function isCostly(text: string): boolean {
  return Number(text) >= 10_000 && Number(text) <= 1_000_000;
}
