import { viewsJsonSchema } from '@highwater/windowing';
import { renderPage } from './render-page.ts';
import { renderTable } from './render-table.ts';

/** The parts of a JSON Schema that the page shows. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
}

/** docs/reference/views.md: each field of a views file, from its schema. */
export function renderViewsPage(): string {
  const view = (viewsJsonSchema() as Schema).properties?.['views']?.items ?? {};
  return renderPage('Fields of a views file', [
    'On this page you can look up each field of a [view](../glossary.md#view): its values, its default, and its meaning. For recipes, see [Define views](../views.md).',
    '> This page is generated from the code. To change a text, change a description in [view-schema.ts](../../packages/windowing/src/views/view-schema.ts), and then run `npm run docs`.',
    'A views file has one field, `views`, with a list of 1 to 100 views. Unknown fields are rejected.',
    renderTable(['Field', 'Value', 'Default', 'Meaning'], fieldsOf(view)),
    '## Durations',
    'A duration is a whole number and a unit: `ms`, `s`, `m`, `h`, or `d`. An example is `90s`. `1d` is 24 hours, except as the length of a window with a time zone.',
    '## Rules between fields',
    [
      '- `window` has either `tumbling` or `hopping`.',
      '- A window is at most `36525d` long.',
      '- `window.timeZone` works with `1d`, `1w`, and `1mo` only. Other windows are the same in each time zone.',
      '- `window.offset` does not work with a time zone, `1w`, or `1mo`.',
      '- `duplicates: ignore` and `duplicates: replace` need `groupBy: all`.',
      '- `fill` needs a tumbling window. `maxGap` is 1 to 255 windows.',
      '- `fill.value` is required for `method: constant` and not allowed for other methods.',
      '- `window_start` and `window_end` are not allowed in `groupBy` and `match.where`, because views write them.',
      '- Each view has another name, and no two views write the same row. See [Give the rows of each view their own names](../views.md#give-the-rows-of-each-view-their-own-names).',
    ].join('\n'),
    'To check a file, run `npx highwater views check`. For an editor, run `npx highwater views schema`; the same schema is in [views.schema.json](../../packages/windowing/views.schema.json). The schema does not contain the rules between fields.',
  ]);
}

function fieldsOf(schema: Schema, prefix = ''): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = [
      `\`${path}\``,
      valuesOf(field),
      defaultOf(field, schema.required?.includes(name) ?? false),
      field.description ?? '',
    ];
    return field.properties ? [row, ...fieldsOf(field, `${path}.`)] : [row];
  });
}

function valuesOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(valuesOf).join(', or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replaceAll('"', '')}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') {
    return schema.items?.enum ? `list of ${valuesOf(schema.items)}` : 'list of names';
  }
  if (schema.type === 'integer') return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'object') {
    const fields = Object.keys(schema.properties ?? {});
    return fields.length > 0 ? `\`{ ${fields.join(', ')} }\`` : 'names, each with a list of values';
  }
  if (schema.pattern?.includes('|1w|1mo')) return 'duration, `1w`, or `1mo`';
  if (schema.pattern?.includes('(ms|s|m|h|d)')) return 'duration';
  if (schema.pattern !== undefined) return 'letters, digits, and `.` `_` `-`; at most 100';
  return schema.type === 'number' ? 'number' : 'text';
}

function defaultOf({ default: value }: Schema, isRequired: boolean): string {
  if (isRequired) return 'required';
  if (value === undefined || JSON.stringify(value) === '{}') return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text.replaceAll('"', '').replaceAll(',', ', ')}\``;
}
