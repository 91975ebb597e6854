import { castSql } from '../types/cast-sql.ts';
import { failure } from '../types/failure.ts';
import { joinTexts } from '../types/join-texts.ts';
import { physicalType } from '../types/physical-type.ts';
import { bytesSql, inTime, isOfFixedSize, listInRoom } from '../types/room.ts';
import { types } from '../types/sql-type.ts';
import { calls, scalar, type FunctionDefinition, type Render } from './function-definition.ts';
import { FunctionError } from './function-error.ts';
import { grown } from './grown-text.ts';
import { reduce, zipWith } from './lambda-functions.ts';
import { separated } from './separated.ts';
import { sequenceFunction } from './sequence-function.ts';

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

const join: Render = ([list = '', delimiter = "''", missing], facts) => {
  const [type] = facts.types;
  const element = type?.kind === 'array' ? type.element : types.unknown;
  const sql = castSql({ sql: 'join_item', type: element }, types.varchar);
  if (sql === undefined) throw new FunctionError(`Cannot join ${element.kind} elements`);
  const texts = `list_transform(${list}, lambda join_item: ${sql})`;
  const present =
    missing === undefined
      ? `list_filter(${texts}, lambda join_text: join_text IS NOT NULL)`
      : `list_transform(${texts}, lambda join_text: coalesce(join_text, ${missing}))`;
  const joined = `coalesce(${separated(present, delimiter, facts.texts[1])}, CASE WHEN ${list} IS NOT NULL AND ${delimiter} IS NOT NULL THEN '' END)`;
  const item = isOfFixedSize(element) ? '32' : `strlen(${sql})`;
  const items = `coalesce(list_sum(list_transform(${list}, lambda join_item: coalesce(${item}, ${missing === undefined ? '0' : `strlen(${missing})`}))), 0)`;
  const bytes = `(${items} + len(${list}) * strlen(${delimiter}))`;
  return grown('array_join', joined, bytes, facts);
};

const elementAt: Render = ([list, index], { returns }) =>
  `(CASE WHEN ${index} = 0 THEN ${failure('SQL array indices start at 1', returns)} ELSE list_extract(${list}, ${index}) END)`;

const slice: Render = ([list = '', start = '', length = ''], { returns }) => {
  const from = `(CASE WHEN ${start} < 0 THEN len(${list}) + ${start} + 1 ELSE ${start} END)`;
  return `(CASE WHEN ${start} = 0 THEN ${failure('SQL array indices start at 1', returns)}
     WHEN ${length} < 0 THEN ${failure('length must be greater than or equal to 0', returns)}
     WHEN ${from} < 1 OR ${length} = 0 THEN list_slice(${list}, 1, 0)
     ELSE list_slice(${list}, ${from}, ${from} + ${length} - 1) END)`;
};

/** True if an element is equal; otherwise NULL if a NULL might have been. */
const contains: Render = ([list = '', item]) =>
  `(CASE WHEN list_contains(${list}, ${item}) THEN true WHEN ${isNull(list)} THEN NULL ELSE list_contains(${list}, ${item}) END)`;

const overlap: Render = ([a = '', b = '']) =>
  `(CASE WHEN list_has_any(${a}, ${b}) THEN true WHEN len(${a}) > 0 AND len(${b}) > 0 AND (${isNull(a)} OR ${isNull(b)}) THEN NULL ELSE list_has_any(${a}, ${b}) END)`;

const repeatMax = 10_000;

const repeat: Render = ([item, count], { returns, values: [value], isInLambda }) => {
  const list = `list_transform(range(${count}), lambda repeat_index: ${item})`;
  const bytes = `(${count} * ${value ? `coalesce(${bytesSql(value)}, 8)` : '8'})`;
  return `(CASE WHEN ${count} < 0 OR ${count} > ${repeatMax} THEN ${failure(`count argument of repeat function must be from 0 to ${repeatMax}`, returns)} ELSE ${listInRoom(list, { what: 'repeat', bytes, isInLambda })} END)`;
};

/**
 * A list as long as its arguments. They take as much memory themselves, unless they are constants, or
 * the same for all items of a list around: those are kept once, and this is not.
 */
const asLong =
  (what: string, render: Render): Render =>
  (args, facts) => {
    const sql = render(args, facts);
    const lists = facts.values.filter(({ type }) => 'element' in type);
    const isConstant = facts.values.every(
      ({ type }, at) => !('element' in type) || facts.areConstant[at],
    );
    if (!facts.isInLambda && !isConstant) return sql;
    const bytes = `(${lists.map(bytesSql).join(' + ')})`;
    return listInRoom(sql, { what, bytes, isInLambda: facts.isInLambda });
  };

/** Compares each item of a list with each of another. */
const comparing =
  (what: string, render: Render): Render =>
  (args, facts) => {
    const [a = '', b] = args;
    const others = b === undefined ? `len(${a})` : `(len(${a}) + len(${b}))`;
    return inTime(render(args, facts), what, `(CAST(len(${a}) AS DOUBLE) * ${others})`);
  };

/** Sorted by random numbers. */
const shuffle: Render = ([list]) =>
  `list_transform(list_sort(list_transform(${list}, lambda shuffle_item: struct_pack(r := random(), x := shuffle_item))), lambda shuffled: shuffled.x)`;

const concatenated: Render = (args) => args.reduce((a, b) => `list_concat(${a}, ${b})`);

const zip: Render = (lists, { returns }) =>
  `CAST(list_zip(${lists.join(', ')}) AS ${physicalType(returns)})`;

export const arrayFunctions: readonly FunctionDefinition[] = [
  scalar([
    ['cardinality(array(T)) -> bigint', calls('len')],
    ['cardinality(timeseries(T)) -> bigint', calls('len')],
  ]),
  scalar([['contains(array(T), T) -> boolean', contains]]),
  scalar([['element_at(array(T), bigint) -> T', elementAt]]),
  sequenceFunction,
  scalar([
    ['transform(array(T), (T) => U) -> array(U)', asLong('transform', calls('list_transform'))],
  ]),
  scalar([
    ['filter(array(T), (T) => boolean) -> array(T)', calls('list_filter')],
    ['filter(timeseries(T), (point(T)) => boolean) -> timeseries(T)', calls('list_filter')],
  ]),
  scalar([
    ['reduce(array(T), S, (S, T) => S, (S) => R) -> R', reduce],
    ['reduce(timeseries(T), S, (S, point(T)) => S, (S) => R) -> R', reduce],
  ]),
  scalar([
    [
      'array_distinct(array(T)) -> array(T)',
      comparing('array_distinct', ([list = '']) => distinct(list)),
    ],
  ]),
  scalar([
    [
      'array_intersect(array(T), array(T)) -> array(T)',
      comparing('array_intersect', ([a = '', b = '']) =>
        distinct(`list_filter(${a}, lambda some_item: ${isIn(b)})`),
      ),
    ],
  ]),
  scalar([
    [
      'array_union(array(T), array(T)) -> array(T)',
      (args, facts) => {
        const both = concatenated(args, facts);
        return inTime(distinct(both), 'array_union', `pow(len(${both}), 2)`);
      },
    ],
  ]),
  scalar([
    [
      'array_except(array(T), array(T)) -> array(T)',
      comparing('array_except', ([a = '', b = '']) =>
        distinct(`list_filter(${a}, lambda some_item: NOT (${isIn(b)}))`),
      ),
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
      note: 'does not support a comparator',
    },
  ),
  scalar([['arrays_overlap(array(T), array(T)) -> boolean', overlap]]),
  scalar([['flatten(array(array(T))) -> array(T)', asLong('flatten', calls('flatten'))]]),
  scalar([['repeat(T, bigint) -> array(T)', repeat]]),
  scalar([['shuffle(array(T)) -> array(T)', shuffle]]),
  scalar([
    ['reverse(varchar) -> varchar', calls('reverse')],
    ['reverse(array(T)) -> array(T)', calls('list_reverse')],
  ]),
  scalar([
    [
      'concat(varchar, varchar, varchar...) -> varchar',
      (_, { values, isInLambda }) => joinTexts(values, isInLambda).sql,
    ],
    ['concat(array(T), array(T), array(T)...) -> array(T)', asLong('concat', concatenated)],
  ]),
  scalar([['slice(array(T), bigint, bigint) -> array(T)', slice]]),
  scalar([
    ['zip(array(A), array(B)) -> array(row(A, B))', asLong('zip', zip)],
    ['zip(array(A), array(B), array(C)) -> array(row(A, B, C))', asLong('zip', zip)],
    ['zip(array(A), array(B), array(C), array(D)) -> array(row(A, B, C, D))', asLong('zip', zip)],
    [
      'zip(array(A), array(B), array(C), array(D), array(E)) -> array(row(A, B, C, D, E))',
      asLong('zip', zip),
    ],
  ]),
  scalar([['zip_with(array(A), array(B), (A, B) => R) -> array(R)', asLong('zip_with', zipWith)]]),
];
