import { addMonths } from '../types/add-months.ts';
import { castSql, elementOf } from '../types/cast-sql.ts';
import { physicalType } from '../types/physical-type.ts';
import { types } from '../types/sql-type.ts';
import { calls, scalar, type FunctionDefinition, type Render } from './function-definition.ts';
import { FunctionError } from './function-error.ts';
import { duckTimestamp } from './time-sql.ts';

const sequenceItemsMax = 10_000;

const tooLong = `result of sequence function must not have more than ${sequenceItemsMax} entries`;

const fail = (message: string) => `CAST(hw_fail('${message}') AS BIGINT[])`;

/** Both ends included; a long sequence fails, as in Trino. */
const sequence: Render = ([from, to, step = '1']) =>
  `(CASE WHEN ${step} = 0 THEN ${fail('sequence step must not be zero')}
     WHEN (${to} - ${from}) // ${step} >= ${sequenceItemsMax} THEN ${fail(tooLong)}
     ELSE generate_series(${from}, ${to}, CAST(${step} AS BIGINT)) END)`;

const downOrUp: Render = ([from = '', to = ''], facts) =>
  sequence([from, to, `(CASE WHEN ${from} <= ${to} THEN 1 ELSE -1 END)`], facts);

/** As many steps as fit between both ends; months have no fixed length. */
const monthSequence: Render = ([from = '', to = '', step = '']) => {
  const item = addMonths(from, '+', `CAST(sequence_step * ${step} AS INTEGER)`);
  const steps = `(datesub('month', ${duckTimestamp(from)}, ${duckTimestamp(to)}) // ${step})`;
  return `(CASE WHEN ${step} = 0 THEN ${fail('sequence step must not be zero')}
     WHEN ${steps} >= ${sequenceItemsMax} THEN ${fail(tooLong)}
     ELSE list_transform(generate_series(0, ${steps}), lambda sequence_step: ${item}) END)`;
};

const isNull = (list: string) => `len(list_filter(${list}, lambda any_item: any_item IS NULL)) > 0`;

/** NULL when any element is. */
const extreme =
  (name: string): Render =>
  ([list = '']) =>
    `(CASE WHEN ${isNull(list)} THEN NULL ELSE ${name}(${list}) END)`;

const distinct = (list: string) =>
  `list_filter(${list}, lambda each_item, each_index: list_position(${list}, each_item) = each_index)`;

/** NULLs are equal here, as in Trino. */
const isIn = (list: string) => `coalesce(list_position(${list}, some_item), 0) > 0`;

const join: Render = ([list = '', delimiter = "''", missing], { types: [type] }) => {
  const element = type?.kind === 'array' ? type.element : types.unknown;
  const sql = castSql({ sql: 'join_item', type: element }, types.varchar);
  if (sql === undefined) throw new FunctionError(`Cannot join ${element.kind} elements`);
  const texts = `list_transform(${list}, lambda join_item: ${sql})`;
  const present =
    missing === undefined
      ? `list_filter(${texts}, lambda join_text: join_text IS NOT NULL)`
      : `list_transform(${texts}, lambda join_text: coalesce(join_text, ${missing}))`;
  return `coalesce(array_to_string(${present}, ${delimiter}), CASE WHEN ${list} IS NOT NULL THEN '' END)`;
};

const elementAt: Render = ([list, index], { returns }) =>
  `(CASE WHEN ${index} = 0 THEN CAST(hw_fail('SQL array indices start at 1') AS ${physicalType(returns)}) ELSE list_extract(${list}, ${index}) END)`;

const slice: Render = ([list = '', start = '', length = '']) => {
  const from = `(CASE WHEN ${start} < 0 THEN len(${list}) + ${start} + 1 ELSE ${start} END)`;
  return `(CASE WHEN ${from} < 1 THEN list_slice(${list}, 1, 0) ELSE list_slice(${list}, ${from}, ${from} + ${length} - 1) END)`;
};

/** DuckDB's fold wants elements and state of one type, so both travel in one struct. */
const reduce: Render = ([list = '', initial = '', step = '', finish = ''], facts) => {
  const { types: argumentTypes, returns } = facts;
  const [listType] = argumentTypes;
  const element = (listType && elementOf(listType)) ?? types.unknown;
  const state = physicalType(argumentTypes[1] ?? types.unknown);
  const [, s = '', x = '', body = ''] = /^lambda (\w+), (\w+): ([\s\S]*)$/.exec(step) ?? [];
  const [, last = '', result = ''] = /^lambda (\w+): ([\s\S]*)$/.exec(finish) ?? [];
  const packed = `list_transform(${list}, lambda reduce_item: struct_pack(s := CAST(NULL AS ${state}), x := reduce_item))`;
  const inner = substitute(substitute(body, s, 'reduce_a.s'), x, 'reduce_b.x');
  const folded = `list_reduce(${packed}, lambda reduce_a, reduce_b: struct_pack(s := CAST(${inner} AS ${state}), x := CAST(NULL AS ${physicalType(element)})), struct_pack(s := CAST(${initial} AS ${state}), x := CAST(NULL AS ${physicalType(element)}))).s`;
  return `CAST(${substitute(result, last, `(${folded})`)} AS ${physicalType(returns)})`;
};

/** Lambda arguments have names that occur nowhere else, but for texts in quotes. */
function substitute(sql: string, name: string, value: string): string {
  return sql.replace(new RegExp(String.raw`'(?:[^']|'')*'|\b${name}\b`, 'g'), (found) =>
    found === name ? value : found,
  );
}

const zip: Render = (lists, { returns }) =>
  `CAST(list_zip(${lists.join(', ')}) AS ${physicalType(returns)})`;

export const arrayFunctions: readonly FunctionDefinition[] = [
  scalar([
    ['cardinality(array(T)) -> bigint', calls('len')],
    ['cardinality(timeseries(T)) -> bigint', calls('len')],
  ]),
  scalar([['contains(array(T), T) -> boolean', calls('list_contains')]]),
  scalar([['element_at(array(T), bigint) -> T', elementAt]]),
  scalar([
    ['sequence(bigint, bigint) -> array(bigint)', downOrUp],
    ['sequence(bigint, bigint, bigint) -> array(bigint)', sequence],
    ['sequence(timestamp, timestamp, duration) -> array(timestamp)', sequence],
    ['sequence(timestamp, timestamp, months) -> array(timestamp)', monthSequence],
  ]),
  scalar([['transform(array(T), (T) => U) -> array(U)', calls('list_transform')]]),
  scalar([
    ['filter(array(T), (T) => boolean) -> array(T)', calls('list_filter')],
    ['filter(timeseries(T), (point(T)) => boolean) -> timeseries(T)', calls('list_filter')],
  ]),
  scalar([
    ['reduce(array(T), S, (S, T) => S, (S) => R) -> R', reduce],
    ['reduce(timeseries(T), S, (S, point(T)) => S, (S) => R) -> R', reduce],
  ]),
  scalar([['array_distinct(array(T)) -> array(T)', ([list = '']) => distinct(list)]]),
  scalar([
    [
      'array_intersect(array(T), array(T)) -> array(T)',
      ([a = '', b = '']) => distinct(`list_filter(${a}, lambda some_item: ${isIn(b)})`),
    ],
  ]),
  scalar([
    [
      'array_union(array(T), array(T)) -> array(T)',
      ([a = '', b = '']) => distinct(`list_concat(${a}, ${b})`),
    ],
  ]),
  scalar([
    [
      'array_except(array(T), array(T)) -> array(T)',
      ([a = '', b = '']) => distinct(`list_filter(${a}, lambda some_item: NOT (${isIn(b)}))`),
    ],
  ]),
  scalar([
    ['array_join(array(T), varchar) -> varchar', join],
    ['array_join(array(T), varchar, varchar) -> varchar', join],
  ]),
  scalar([['array_max(array(T)) -> T', extreme('list_max')]]),
  scalar([['array_min(array(T)) -> T', extreme('list_min')]]),
  scalar([
    [
      'array_position(array(T), T) -> bigint',
      ([list, item]) =>
        `(CASE WHEN ${list} IS NOT NULL AND ${item} IS NOT NULL THEN coalesce(list_position(${list}, ${item}), 0) END)`,
    ],
  ]),
  scalar([
    [
      'array_remove(array(T), T) -> array(T)',
      ([list, item]) =>
        `list_filter(${list}, lambda kept_item: kept_item IS DISTINCT FROM ${item})`,
    ],
  ]),
  scalar(
    [['array_sort(array(T)) -> array(T)', ([list]) => `list_sort(${list}, 'ASC', 'NULLS LAST')`]],
    {
      note: 'without a comparing lambda',
    },
  ),
  scalar([['arrays_overlap(array(T), array(T)) -> boolean', calls('list_has_any')]], {
    note: 'false, not NULL, when only a NULL could make them overlap',
  }),
  scalar([['flatten(array(array(T))) -> array(T)', calls('flatten')]]),
  scalar([
    [
      'repeat(T, bigint) -> array(T)',
      ([item, count]) => `list_transform(range(${count}), lambda repeat_index: ${item})`,
    ],
  ]),
  scalar([
    ['reverse(varchar) -> varchar', calls('reverse')],
    ['reverse(array(T)) -> array(T)', calls('list_reverse')],
  ]),
  scalar([
    ['concat(varchar, varchar, varchar...) -> varchar', (args) => `(${args.join(' || ')})`],
    [
      'concat(array(T), array(T), array(T)...) -> array(T)',
      (args) => args.reduce((a, b) => `list_concat(${a}, ${b})`),
    ],
  ]),
  scalar([['slice(array(T), bigint, bigint) -> array(T)', slice]]),
  scalar([
    ['zip(array(A), array(B)) -> array(row(A, B))', zip],
    ['zip(array(A), array(B), array(C)) -> array(row(A, B, C))', zip],
  ]),
  scalar([['zip_with(array(A), array(B), (A, B) => R) -> array(R)', zipWith]]),
];

function zipWith([a = '', b = '', step = '']: readonly string[]): string {
  const [, x = '', y = '', body = ''] = /^lambda (\w+), (\w+): ([\s\S]*)$/.exec(step) ?? [];
  const inner = substitute(substitute(body, x, 'zip_item[1]'), y, 'zip_item[2]');
  return `list_transform(list_zip(${a}, ${b}), lambda zip_item: ${inner})`;
}
