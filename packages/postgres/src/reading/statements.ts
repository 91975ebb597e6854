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
/**
 * Ends a subquery over all series: they are read at once. The planner expects few series in a
 * partitioned table, which has no statistics as a whole, and would look for each of them.
 */
const readAtOnce = 'offset 0';
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

/** The names of all dimensions. */
export function dimensionsStatement({ series }: SchemaNames): Statement {
  return {
    text: `select distinct name collate "C" as name
      from ${series}, jsonb_object_keys(dimensions) as name order by 1`,
  };
}

/** Name, rows, newest, whether a number, whether of a view. Rows are counted by series first. */
export function measuresStatement(
  names: SchemaNames,
  range: TimeRange,
  rowsMax: number,
): Statement {
  const values = new Values();
  const within = between(values, range);
  const counts = (['raw', 'views'] as const).map(
    (table) => `select p.series_id, count(*) as rows, max(p.time) as newest,
      count(${number}) as numbers, ${table === 'views'} as is_view
      from ${names.tables[table]} p where ${within} group by p.series_id`,
  );
  return {
    text: `select s.measure_name, sum(c.rows)::float8, ${ms('max(c.newest)')}, sum(c.numbers) > 0,
        bool_or(c.is_view and s.window_before_ms is not null)
      from (${counts.join(' union all ')}) c join (
        select series_id, measure_name, window_before_ms from ${names.series} ${readAtOnce}
      ) s using (series_id)
      group by s.measure_name order by s.measure_name collate "C"
      limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Value and rows. */
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
    ...(choice.measures.length > 0
      ? [`s.measure_name = any(${values.add(textArray(choice.measures, storableText), 'text[]')})`]
      : []),
    ...filterTerms(values, choice.filters),
    ...(search === ''
      ? []
      : [`strpos(lower(s.dimensions ->> ${name}), ${values.text(search.toLowerCase())}) > 0`]),
  ];
  const within = between(values, choice);
  const series = [`s.dimensions ? ${name}`, ...terms].join(' and ');
  // Without a choice nearly all series count, and looking for each of them would only cost time.
  const ofChosen =
    terms.length === 0
      ? ''
      : ` and p.series_id in (select s.series_id from ${names.series} s where ${series})`;
  const counts = (['raw', 'views'] as const).map(
    (table) => `select p.series_id, count(*) as rows from ${names.tables[table]} p
      where ${within}${ofChosen} group by p.series_id`,
  );
  return {
    text: `select s.value, sum(c.rows)::float8
      from (${counts.join(' union all ')}) c join (
        select s.series_id, s.dimensions ->> ${name} as value from ${names.series} s
        where ${series} ${terms.length === 0 ? readAtOnce : ''}
      ) s using (series_id)
      group by s.value order by 2 desc, s.value collate "C"
      limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
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
        from ${numbersOf(names, values, question)} p join chosen s using (series_id) group by 1, 2
      ) bins order by start, name collate "C" limit ${values.add(rowsMax + 1, 'int')}`,
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
      order by window_start, window_end, name collate "C"
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
  const name = by === undefined ? `''` : `coalesce(s.dimensions ->> ${values.text(by)}, '')`;
  return `chosen as materialized (
    select s.series_id, ${name} as name, s.window_before_ms as before_ms, s.window_after_ms as after_ms
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
