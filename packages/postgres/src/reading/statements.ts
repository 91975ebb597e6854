import type {
  CorrectionsChoice,
  DimensionFilters,
  MeasureChoice,
  SeriesChoice,
  TimeRange,
} from '@highwater/model';
import type { Statement } from '../connections.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { storableText } from '../sql-text.ts';
import { textArray } from '../writing/array-text.ts';
import { timestampText } from '../writing/row-time.ts';

/** Beyond so many values of a dimension the index over dimensions would be asked too often. */
const indexedValuesMax = 20;

const number = 'coalesce(p.value, p.value_bigint::float8)';
/** Sums are of scaled values: doubles near their limit would overflow, and a power of two costs no digit. */
const mean = `sum(${number} * 2::float8 ^ -40) / count(*) * 2::float8 ^ 40`;
/** Enough to know nearly all dimensions. */
const firstSeriesCount = 1_000;
/** An arrival is not much earlier than its window, whatever the clocks. */
const aheadMsMax = 3_600_000;

/** Milliseconds since the epoch: by way of microseconds, which a double holds exactly. */
const ms = (time: string) => `floor(round(date_part('epoch', ${time}) * 1e6) / 1e3)`;

/** Collects the values of a statement. */
class Values {
  readonly values: (string | number | null)[] = [];

  add(value: string | number | null, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  time(timeMs: number): string {
    return this.add(timestampText(timeMs), 'timestamptz');
  }

  text(text: string): string {
    return this.add(storableText(text), 'text');
  }
}

/**
 * The names of all dimensions. Those of the first series are taken one by one, and of all others only
 * what is not among them: that is mostly nothing, and found out in a third of the time.
 */
export function dimensionsStatement({ series }: SchemaNames): Statement {
  return {
    text: `with first as materialized (
        select array_agg(distinct name) as names
        from (select dimensions from ${series} limit ${firstSeriesCount}) s, jsonb_object_keys(dimensions) as name)
      select name collate "C" as name from first, unnest(names) as name
      union
      select name from first, ${series}, jsonb_object_keys(dimensions - names) as name
      where dimensions - names <> '{}'
      order by 1`,
  };
}

/** Name, whether a number, whether of a view. */
export function measuresStatement(
  names: SchemaNames,
  range: TimeRange,
  rowsMax: number,
): Statement {
  const values = new Values();
  const newest = newestRow(names, values, range);
  return {
    text: `select name, ${newest.isOfAny('ids', `${number} is not null`)},
        ${newest.isOfAny('windowed', 'true', ['views'])}
      from (
        select measure_name as name, array_agg(series_id) as ids,
          array_agg(series_id) filter (where window_before_ms is not null) as windowed
        from ${newestFirst(names)} s group by 1
      ) measures where ${newest.isOfAny('ids', 'true')}
      order by name collate "C" limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Value. */
export function dimensionValuesStatement(
  names: SchemaNames,
  given: {
    readonly dimension: string;
    readonly choice: SeriesChoice;
    readonly search: string;
    readonly rowsMax: number;
  },
): Statement {
  const { dimension, choice, search, rowsMax } = given;
  const values = new Values();
  const name = values.text(dimension);
  const terms = [
    `s.dimensions ? ${name}`,
    ...(choice.measures.length > 0
      ? [`s.measure_name = any(${values.add(textArray(choice.measures, storableText), 'text[]')})`]
      : []),
    ...filterTerms(values, choice.filters),
    ...(search === ''
      ? []
      : [`strpos(lower(s.dimensions ->> ${name}), ${values.text(search.toLowerCase())}) > 0`]),
  ];
  return {
    text: `select value from (
        select s.dimensions ->> ${name} as value, array_agg(s.series_id) as ids
        from ${newestFirst(names)} s where ${terms.join(' and ')} group by 1
      ) found where ${newestRow(names, values, choice).isOfAny('ids', 'true')}
      order by value collate "C" limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Series are never removed: of many, those that came last are the likeliest to have rows. */
function newestFirst({ series }: SchemaNames): string {
  return `(select * from ${series} order by series_id desc)`;
}

/**
 * Terms about the newest row of each series in a range. Rows are looked up by their key, one series
 * after the other until the term is true, so that the number of rows does not matter. The order makes
 * the planner use the key, whatever it knows of the table.
 */
function newestRow(names: SchemaNames, values: Values, range: TimeRange) {
  const within = between(values, range);
  const both = ['raw', 'views'] as const;
  return {
    isOfAny(ids: string, term: string, tables: readonly ('raw' | 'views')[] = both): string {
      const rows = tables.map(
        (table) => `(select ${term} from ${names.tables[table]} p
          where p.series_id = id and ${within} order by p.time desc limit 1)`,
      );
      return `exists (select from unnest(${ids}) as id where ${rows.join(' or ')} offset 0)`;
    },
  };
}

/** The series of a measure, if they are few: then the rows of each can be looked up by its key. */
export function fewSeriesStatement(names: SchemaNames, choice: MeasureChoice): Statement {
  const values = new Values();
  return {
    text: `select s.series_id from ${names.series} s where ${seriesTerms(values, choice)}
      limit ${fewSeriesMax + 1}`,
    values: values.values,
  };
}

/** Beyond it a scan of all rows of the days is faster. */
export const fewSeriesMax = 1_000;

/** A question about one measure. */
export interface MeasureQuestion {
  readonly choice: MeasureChoice;
  /** All series of the answer, if they are few. */
  readonly fewSeries: readonly number[] | undefined;
  readonly rowsMax: number;
}

/** Group, time, value. */
export function pointsStatement(
  names: SchemaNames,
  { rowsMax, ...question }: MeasureQuestion,
): Statement {
  const values = new Values();
  return {
    text: `with ${chosen(names, values, question)}
      select s.name, ${ms('p.time')}, ${number}
      from ${numbersOf(names, values, question)} p join chosen s using (series_id)
      order by p.time, 1, 3 limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Group, start, points, min, max, mean. */
export function binsStatement(
  names: SchemaNames,
  { binMs, rowsMax, ...question }: MeasureQuestion & { readonly binMs: number },
): Statement {
  const values = new Values();
  const width = values.add(`${binMs} milliseconds`, 'interval');
  const bin = `date_bin(${width}, p.time, timestamptz '1970-01-01 00:00:00+00')`;
  return {
    text: `with ${chosen(names, values, question)}
      select name, ${ms('start')}, points, least, greatest, mean from (
        select s.name, ${bin} as start, count(*)::float8 as points,
          min(${number}) as least, max(${number}) as greatest, ${mean} as mean
        from ${numbersOf(names, values, question)} p join chosen s using (series_id) group by 2, 1
      ) bins order by start, name limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Group, start, end, mean, min, max, rows, filled. */
export function windowsStatement(
  names: SchemaNames,
  { rowsMax, ...question }: MeasureQuestion,
): Statement {
  const values = new Values();
  const { fromMs, toMs } = question.choice;
  const [from, to] = [values.time(fromMs), values.time(toMs)];
  // How far a row may be from its window: known before the rows are read, so that few days are.
  const reach = (column: string) =>
    `(select coalesce(max(${column}), 0) * interval '1 millisecond' from chosen)`;
  return {
    text: `with ${chosen(names, values, question)}
      select name, ${ms('window_start')}, ${ms('window_end')}, mean, least, greatest, rows, filled from (
        select name, mean, least, greatest, rows, filled,
          time - before_ms * interval '1 millisecond' as window_start,
          time + after_ms * interval '1 millisecond' as window_end
        from (
          select s.name, p.time, s.before_ms, s.after_ms,
            ${mean} as mean, min(${number}) as least, max(${number}) as greatest,
            count(*)::float8 as rows,
            count(*) filter (where p.attributes ->> 'interpolated' <> 'none')::float8 as filled
          from ${names.tables.views} p join chosen s using (series_id)
          where s.before_ms is not null${fewTerm(values, question)}
            and p.time > ${from} - ${reach('after_ms')} and p.time < ${to} + ${reach('before_ms')}
            and ${number} is not null
          group by 1, 2, 3, 4
        ) rows
      ) windows where window_end > ${from} and window_start < ${to}
      order by window_start, window_end, name
      limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Measure, dimensions, start, end, arrival, JSON. */
export function correctionsStatement(
  names: SchemaNames,
  choice: CorrectionsChoice,
  rowsMax: number,
): Statement {
  const values = new Values();
  const { measures, order, fromMs, toMs } = choice;
  const [from, to] = [values.time(fromMs), values.time(toMs)];
  const terms = [
    `p.value_text is not null`,
    `p.window_start > '-infinity'`,
    ...(order === 'arrival'
      ? [`p.time between ${from} and ${to}`]
      : [
          `p.time >= ${values.time(fromMs - aheadMsMax)}`,
          `p.window_end > ${from}`,
          `p.window_start < ${to}`,
        ]),
    ...(measures.length > 0
      ? [`s.measure_name = any(${values.add(textArray(measures, storableText), 'text[]')})`]
      : []),
    ...filterTerms(values, choice.filters),
  ];
  return {
    text: `select s.measure_name, s.dimensions, ${ms('p.window_start')}, ${ms('p.window_end')},
        ${ms('p.time')}, p.value_text
      from ${names.tables.corrections} p join ${names.series} s using (series_id)
      where ${terms.join(' and ')}
      order by p.time desc, p.window_start desc, s.measure_name collate "C", p.series_id
      limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

type Chosen = Omit<MeasureQuestion, 'rowsMax'>;

/** The series with their groups, which are taken out of the dimensions once, not for each row. */
function chosen(names: SchemaNames, values: Values, { choice }: Chosen): string {
  const { by } = choice;
  const group = by === undefined ? `''` : `coalesce(s.dimensions ->> ${values.text(by)}, '')`;
  return `chosen as materialized (
    select s.series_id, ${group} collate "C" as name, s.window_before_ms as before_ms, s.window_after_ms as after_ms
    from ${names.series} s where ${seriesTerms(values, choice)})`;
}

function seriesTerms(values: Values, { measure, filters }: MeasureChoice): string {
  return [`s.measure_name = ${values.text(measure)}`, ...filterTerms(values, filters)].join(
    ' and ',
  );
}

/** Raw points and view rows whose value is a number. */
function numbersOf(names: SchemaNames, values: Values, question: Chosen): string {
  const within = between(values, question.choice) + fewTerm(values, question);
  const rows = (['raw', 'views'] as const).map(
    (table) => `select p.series_id, p.time, p.value, p.value_bigint from ${names.tables[table]} p
      where ${within} and ${number} is not null`,
  );
  return `(${rows.join(' union all ')})`;
}

function fewTerm(values: Values, { fewSeries }: Chosen): string {
  if (fewSeries === undefined) return '';
  return ` and p.series_id = any(${values.add(`{${fewSeries.join(',')}}`, 'int[]')})`;
}

function between(values: Values, { fromMs, toMs }: TimeRange): string {
  return `p.time between ${values.time(fromMs)} and ${values.time(toMs)}`;
}

function filterTerms(values: Values, filters: DimensionFilters): readonly string[] {
  return Object.entries(filters)
    .filter(([, wanted]) => wanted.length > 0)
    .map(([name, wanted]) => {
      if (wanted.length > indexedValuesMax) {
        const list = values.add(textArray(wanted, storableText), 'text[]');
        return `s.dimensions ->> ${values.text(name)} = any(${list})`;
      }
      const each = wanted.map((value) => {
        const json = JSON.stringify({ [storableText(name)]: storableText(value) });
        return `s.dimensions @> ${values.add(json, 'jsonb')}`;
      });
      return `(${each.join(' or ')})`;
    });
}
