import { identifier, literal } from '../sql-text.ts';
import { columnName } from './view-names.ts';
import type { SchemaNames } from './schema-names.ts';

/** What a row brings to the view of its measure. */
export interface Feature {
  readonly kind: 'dimension' | 'attribute' | 'type' | 'window';
  /** Of a dimension, an attribute, or a type; empty for a window. */
  readonly name: string;
}

/** A column of a view: how it is called, and what it shows. */
export interface ViewColumn {
  readonly name: string;
  readonly feature: string;
}

/** What a view is made of. Columns are only ever added at the end, as `create or replace` wants it. */
export interface MeasureView {
  readonly sources: readonly ('raw' | 'views' | 'corrections')[];
  readonly columns: readonly ViewColumn[];
}

/** Names that columns of every view have, or may come to have. */
const reserved = [
  'time',
  'value',
  'version',
  'value_number',
  'value_bigint',
  'value_bool',
  'value_text',
  'window_start',
  'window_end',
  'from',
  'to',
  'points',
  'added',
  'late',
  'late_by_ms',
];

/** Columns that a view can have at most; later dimensions are in the table only. */
const columnsMax = 300;

const numberPattern = String.raw`(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)`;
const changeColumns: Readonly<Record<string, string>> = {
  from: 'from',
  to: 'to',
  points: 'points',
  added: 'added',
  late: 'late',
  late_by_ms: 'lateByMs',
};

/** The feature in one word. */
export function featureKey({ kind, name }: Feature): string {
  return `${kind}:${name}`;
}

/**
 * A view with what is new in it.
 *
 * @returns the same view when nothing is
 */
export function extendView(
  view: MeasureView | undefined,
  source: MeasureView['sources'][number],
  features: readonly Feature[],
): MeasureView {
  const taken = new Set(reserved);
  for (const { name } of view?.columns ?? []) taken.add(name);
  const known = new Set(view?.columns.map(({ feature }) => feature));
  const added: ViewColumn[] = [];
  const add = (feature: string, name: string) => {
    if (known.has(feature) || known.size >= columnsMax) return;
    known.add(feature);
    taken.add(name);
    added.push({ name, feature });
  };
  const ofKind = (kind: Feature['kind']) =>
    features.filter((each) => each.kind === kind).toSorted((a, b) => (a.name < b.name ? -1 : 1));

  add('time', 'time');
  for (const { name } of ofKind('dimension')) add(`dimension:${name}`, columnName(name, taken));
  if (ofKind('window').length > 0) {
    const of = source === 'corrections' ? 'bound' : 'window';
    for (const bound of ['start', 'end']) add(`${of}:${bound}`, `window_${bound}`);
  }
  if (source === 'corrections') for (const name of Object.keys(changeColumns)) add(name, name);
  else addValues(view, ofKind('type'), add);
  for (const { name } of ofKind('attribute')) add(`attribute:${name}`, columnName(name, taken));
  if (view === undefined) add('version', 'version');
  const sources = view?.sources ?? [];
  if (view && added.length === 0 && sources.includes(source)) return view;
  return {
    sources: sources.includes(source) ? sources : [...sources, source],
    columns: [...(view?.columns ?? []), ...added],
  };
}

/** `value` has the type of the measure's first row; values of another have a column of their own. */
function addValues(
  view: MeasureView | undefined,
  types: readonly Feature[],
  add: (feature: string, name: string) => void,
): void {
  const columnOf: Readonly<Record<string, string>> = {
    DOUBLE: 'value_number',
    BIGINT: 'value_number',
    BOOLEAN: 'value_bool',
    VARCHAR: 'value_text',
  };
  const value = view?.columns.find(({ name }) => name === 'value')?.feature;
  let first = value;
  for (const { name } of types) {
    const feature = columnOf[name] ?? 'value_number';
    first ??= feature;
    add(feature, feature === first ? 'value' : feature);
    // A double cannot say all whole numbers of 64 bits.
    if (name === 'BIGINT') add('value_bigint', 'value_bigint');
  }
}

/** The statement that makes the view, or adds its new columns. */
export function viewStatement(
  names: SchemaNames,
  given: { readonly view: MeasureView; readonly measureName: string; readonly viewName: string },
): string {
  const { view, measureName, viewName } = given;
  const schema = view.sources.includes('corrections') ? names.corrections : names.people;
  const columns = view.columns.map(
    ({ name, feature }) => `${expressionOf(feature)} as ${identifier(name)}`,
  );
  const [only, ...more] = view.sources.map((source) => names.tables[source]);
  const rows =
    more.length === 0
      ? only
      : `(${[only, ...more].map((table) => `select * from ${table}`).join(' union all ')})`;
  return `create or replace view ${schema}.${identifier(viewName)} as
    select ${columns.join(', ')}
    from ${rows} p join ${names.series} s using (series_id)
    where s.measure_name = ${literal(measureName)}`;
}

function expressionOf(feature: string): string {
  const at = feature.indexOf(':');
  const [kind, name] = at < 0 ? [feature, ''] : [feature.slice(0, at), feature.slice(at + 1)];
  switch (kind) {
    case 'dimension':
      return `s.dimensions ->> ${literal(name)}`;
    case 'attribute':
      return `p.attributes ->> ${literal(name)}`;
    case 'window':
      return name === 'start'
        ? `p.time - s.window_before_ms * interval '1 millisecond'`
        : `p.time + s.window_after_ms * interval '1 millisecond'`;
    case 'bound':
      return `p.window_${name}`;
    case 'value_number':
      return 'coalesce(p.value, p.value_bigint::float8)';
    default:
      return changeColumns[kind] === undefined ? `p.${kind}` : changeExpression(kind);
  }
}

/** A value that is not the JSON of a correction is null here, and no error for all others. */
function changeExpression(kind: string): string {
  const type = kind === 'from' || kind === 'to' ? 'float8' : 'float8::bigint';
  return `substring(p.value_text from ${literal(`"${changeColumns[kind]}":${numberPattern}`)})::${type}`;
}
