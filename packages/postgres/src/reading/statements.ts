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
      from (${counts.join(' union all ')}) c join ${names.series} s using (series_id)
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
      ? [
          `s.measure_name = any(${values.add(textArray(choice.measures.map(storableText)), 'text[]')})`,
        ]
      : []),
    ...filterTerms(values, choice.filters),
    ...(search === ''
      ? []
      : [`strpos(lower(s.dimensions ->> ${name}), ${values.text(search.toLowerCase())}) > 0`]),
  ];
  const within = between(values, choice);
  const series = [`s.dimensions ? ${name}`, ...terms].join(' and ');
  // Without a choice nearly all series count, and looking for each of them would only cost time.
  const chosen =
    terms.length === 0
      ? ''
      : ` and p.series_id in (select s.series_id from ${names.series} s where ${series})`;
  const counts = (['raw', 'views'] as const).map(
    (table) => `select p.series_id, count(*) as rows from ${names.tables[table]} p
      where ${within}${chosen} group by p.series_id`,
  );
  return {
    text: `select s.dimensions ->> ${name}, sum(c.rows)::float8
      from (${counts.join(' union all ')}) c join ${names.series} s using (series_id)
      where ${series} group by 1 order by 2 desc, (s.dimensions ->> ${name}) collate "C"
      limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Group, time, value. */
export function pointsStatement(
  names: SchemaNames,
  choice: MeasureChoice,
  rowsMax: number,
): Statement {
  const values = new Values();
  return {
    text: `select ${groupOf(values, choice)}, ${ms('p.time')}, ${number}
      from ${numbersOf(names, values, choice)} order by p.time, 1, 3
      limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Group, start, points, min, max, mean. */
export function binsStatement(
  names: SchemaNames,
  given: { readonly choice: MeasureChoice; readonly binMs: number; readonly rowsMax: number },
): Statement {
  const { choice, binMs, rowsMax } = given;
  const values = new Values();
  const width = values.add(`${binMs} milliseconds`, 'interval');
  const bin = `date_bin(${width}, p.time, timestamptz '1970-01-01 00:00:00+00')`;
  return {
    text: `select name, ${ms('start')}, points, least, greatest, mean from (
        select ${groupOf(values, choice)} as name, ${bin} as start, count(*)::float8 as points,
          min(${number}) as least, max(${number}) as greatest, ${mean} as mean
        from ${numbersOf(names, values, choice)} group by 1, 2
      ) bins order by start, name collate "C" limit ${values.add(rowsMax + 1, 'int')}`,
    values: values.values,
  };
}

/** Group, start, end, mean, min, max, rows, filled. */
export function windowsStatement(
  names: SchemaNames,
  choice: MeasureChoice,
  rowsMax: number,
): Statement {
  const values = new Values();
  const measure = values.text(choice.measure);
  const [from, to] = [values.time(choice.fromMs), values.time(choice.toMs)];
  const [start, end] = [
    `p.time - s.window_before_ms * interval '1 millisecond'`,
    `p.time + s.window_after_ms * interval '1 millisecond'`,
  ];
  // How far a row may be from its window: known before the rows are read, so that few days are.
  const reach = (column: string) =>
    `(select coalesce(max(${column}), 0) * interval '1 millisecond' from ${names.series}
      where measure_name = ${measure})`;
  const terms = [
    `s.measure_name = ${measure}`,
    ...filterTerms(values, choice.filters),
    `p.time > ${from} - ${reach('window_after_ms')}`,
    `p.time < ${to} + ${reach('window_before_ms')}`,
    `${end} > ${from}`,
    `${start} < ${to}`,
    `${number} is not null`,
  ];
  return {
    text: `select name, ${ms('window_start')}, ${ms('window_end')}, mean, least, greatest, rows, filled from (
        select ${groupOf(values, choice)} as name, ${start} as window_start, ${end} as window_end,
          ${mean} as mean, min(${number}) as least, max(${number}) as greatest, count(*)::float8 as rows,
          count(*) filter (where p.attributes ->> 'interpolated' <> 'none')::float8 as filled
        from ${names.tables.views} p join ${names.series} s using (series_id)
        where ${terms.join(' and ')} group by 1, 2, 3
      ) windows order by window_start, window_end, name collate "C"
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
      ? [`s.measure_name = any(${values.add(textArray(measures.map(storableText)), 'text[]')})`]
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

/** Raw points and view rows of a measure whose value is a number, as `p`, with their series, as `s`. */
function numbersOf(names: SchemaNames, values: Values, choice: MeasureChoice): string {
  const within = between(values, choice);
  const rows = (['raw', 'views'] as const).map(
    (table) => `select p.series_id, p.time, p.value, p.value_bigint from ${names.tables[table]} p
      where ${within} and ${number} is not null`,
  );
  const terms = [
    `s.measure_name = ${values.text(choice.measure)}`,
    ...filterTerms(values, choice.filters),
  ];
  return `(${rows.join(' union all ')}) p join ${names.series} s using (series_id)
    where ${terms.join(' and ')}`;
}

function groupOf(values: Values, { by }: MeasureChoice): string {
  return by === undefined ? `''` : `coalesce(s.dimensions ->> ${values.text(by)}, '')`;
}

function between(values: Values, { fromMs, toMs }: TimeRange): string {
  return `p.time between ${values.time(fromMs)} and ${values.time(toMs)}`;
}

function filterTerms(values: Values, filters: DimensionFilters): readonly string[] {
  return Object.entries(filters)
    .filter(([, wanted]) => wanted.length > 0)
    .map(([name, wanted]) => {
      if (wanted.length > indexedValuesMax) {
        const list = values.add(textArray(wanted.map(storableText)), 'text[]');
        return `s.dimensions ->> ${values.text(name)} = any(${list})`;
      }
      const each = wanted.map((value) => {
        const json = JSON.stringify({ [storableText(name)]: storableText(value) });
        return `s.dimensions @> ${values.add(json, 'jsonb')}`;
      });
      return `(${each.join(' or ')})`;
    });
}
