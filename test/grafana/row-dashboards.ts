import type { StoreAddress } from '@highwater/settings';
import { readFileSync } from 'node:fs';

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly targets: readonly {
    readonly rawSql?: string;
    readonly rawQuery?: string | boolean;
    readonly datasource: { readonly type: string; readonly uid: string };
  }[];
}

/** A dashboard of the rows in one kind of store. */
export interface RowDashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
}

type Engine = StoreAddress['engine'];

/** What a person chooses on the dashboard. */
export interface Choice {
  readonly measure: string;
  readonly dimension: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The dashboard for a kind of store, as Grafana loads it. */
export function readRowDashboard(engine: Engine): RowDashboard {
  const path = `../../infra/grafana/dashboards/rows-${engine}.json`;
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as RowDashboard;
}

/** The statements of a dashboard, by the title of the panel, as the data source sends them. */
export function panelStatements(engine: Engine, choice: Choice): ReadonlyMap<string, string> {
  const { panels } = readRowDashboard(engine);
  return new Map(
    panels.flatMap(({ title, targets }) =>
      targets.map(({ rawSql, rawQuery }) => {
        const text = typeof rawQuery === 'string' ? rawQuery : (rawSql ?? '');
        const chosen = text
          .replaceAll('${measure}', choice.measure)
          .replaceAll('${dimension}', choice.dimension);
        return [title, withoutMacros(engine, chosen, choice)] as const;
      }),
    ),
  );
}

/** Replaces the macros that the plugin of the data source replaces. */
function withoutMacros(engine: Engine, text: string, { fromMs, toMs }: Choice): string {
  switch (engine) {
    case 'timestream':
      return text
        .replaceAll(
          '$__timeFilter',
          `time BETWEEN ${milliseconds(fromMs)} AND ${milliseconds(toMs)}`,
        )
        .replaceAll('$__database', '"highwater"')
        .replaceAll('$__table', '"metrics"');
    case 'postgres':
      return text.replaceAll(
        /\$__timeFilter\(([\w.]+)\)/g,
        `$1 BETWEEN '${iso(fromMs)}' AND '${iso(toMs)}'`,
      );
    case 'clickhouse':
      return text.replaceAll(
        /\$__timeFilter\(([\w.]+)\)/g,
        `$1 >= toDateTime(${Math.floor(fromMs / 1000)}) AND $1 <= toDateTime(${Math.ceil(toMs / 1000)})`,
      );
  }
}

function milliseconds(timeMs: number): string {
  return `from_milliseconds(${timeMs})`;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
