import { measureValueTypes, type Logger, type StoreTable } from '@highwater/model';
import { classifyFailure } from '../classify-failure.ts';
import type { Connection } from '../connections.ts';
import {
  extendView,
  featureKey,
  viewStatement,
  type Feature,
  type MeasureView,
} from '../schema/measure-view.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { safeName } from '../schema/view-names.ts';
import { storableText } from '../sql-text.ts';
import type { KnownSeries } from './recent-series.ts';
import type { SeriesRow } from './series-ids.ts';

/** Views in one schema; measures beyond it can be read from the tables. */
const viewsMax = 2_000;
/** Features that are kept; more are looked up again. */
const featuresKeptMax = 100_000;
/** Replacing a view waits for whoever reads it, and everybody else would wait behind it. */
const lockWaitMs = 1_000;
/** Lists of names that are kept, so that a series costs one look. */
const shapesKeptMax = 10_000;

/**
 * The views of measures, for people. Rows bring features, such as dimensions, and a view that lacks one
 * gets it. Rows never wait for it twice, and never fail by it: a view that cannot be made is logged, and
 * one that somebody reads for long is made later.
 */
export class MeasureViews {
  readonly #names: SchemaNames;
  readonly #table: StoreTable;
  readonly #log: Logger;
  readonly #known = new Map<string, Set<string>>();
  #knownCount = 0;
  readonly #shapes = new Set<string>();
  /** Features of views that were in use. */
  readonly #waiting = new Map<string, readonly Feature[]>();
  #isFull = false;

  constructor(
    names: SchemaNames,
    { table, log }: { readonly table: StoreTable; readonly log: Logger },
  ) {
    this.#names = names;
    this.#table = table;
    this.#log = log;
  }

  /**
   * @param known the series of each row
   * @returns measures with features that are new here; to be given to {@link extend}
   */
  news(
    rows: readonly SeriesRow[],
    known: readonly KnownSeries[],
  ): ReadonlyMap<string, readonly Feature[]> {
    const news = new Map<string, Feature[]>();
    for (const [place, row] of rows.entries()) {
      const { attributes, measureValueType } = row.prepared.row;
      const series = known[place] as KnownSeries;
      const type = 1 << measureValueTypes.indexOf(measureValueType);
      // The common case, without a look at the names.
      if (attributes === undefined && (series.typesInView & type) !== 0) continue;
      if (attributes === undefined) series.typesInView |= type;
      const shape = shapeOf(row);
      if (this.#shapes.has(shape)) continue;
      if (this.#shapes.size >= shapesKeptMax) this.#shapes.clear();
      this.#shapes.add(shape);
      const { measureName } = row.prepared.row;
      const found = featuresOf(row).filter((feature) => !this.#isKnown(measureName, feature));
      if (found.length > 0) news.set(measureName, [...(news.get(measureName) ?? []), ...found]);
    }
    return news;
  }

  /** Forgets all: another server may have other views. */
  forget(): void {
    this.#known.clear();
    this.#knownCount = 0;
    this.#shapes.clear();
  }

  /** Tries again what had to wait. */
  async extendWaiting(connection: Connection): Promise<void> {
    // One that is still in use waits again.
    const names = [...this.#waiting.keys()];
    for (const measureName of names) {
      const features = this.#waiting.get(measureName) ?? [];
      this.#waiting.delete(measureName);
      await this.extend(connection, measureName, features);
    }
  }

  /** Adds features to the view of a measure. Any number of processes may do so at once. */
  async extend(
    connection: Connection,
    measureName: string,
    features: readonly Feature[],
  ): Promise<void> {
    const name = storableText(measureName);
    try {
      await connection.rows({ text: 'begin' });
      await connection.rows({ text: `set local lock_timeout = ${lockWaitMs}` });
      await connection.rows({
        text: 'select pg_advisory_xact_lock($1)',
        values: [this.#names.lockKey],
      });
      const [row] = await connection.rows({
        text: `select sources, columns from ${this.#names.measures}
          where kind = $1 and measure_name = $2`,
        values: [this.#kind, name],
      });
      const view = row && ({ sources: row[0], columns: row[1] } as MeasureView);
      if (view !== undefined || (await this.#hasRoom(connection))) {
        await this.#replace(connection, name, { view, features });
      }
      await connection.rows({ text: 'commit' });
    } catch (error) {
      const isInUse = lockStates.has((error as { code?: string }).code ?? '');
      if (!isInUse && classifyFailure(error).kind === 'retry') throw error;
      await connection.rows({ text: 'rollback' });
      if (isInUse) this.#wait(measureName, features);
      else {
        this.#log.warn(
          { err: error, measureName },
          'The view of a measure cannot be made. Its rows are written.',
        );
      }
    }
    this.#remember(measureName, features);
  }

  #wait(measureName: string, features: readonly Feature[]): void {
    if (this.#waiting.size >= viewsMax && !this.#waiting.has(measureName)) return;
    this.#waiting.set(measureName, [...(this.#waiting.get(measureName) ?? []), ...features]);
    this.#log.debug({ measureName }, 'The view of a measure is in use. It is made later.');
  }

  async #replace(
    connection: Connection,
    measureName: string,
    given: { readonly view: MeasureView | undefined; readonly features: readonly Feature[] },
  ): Promise<void> {
    const view = extendView(given.view, this.#table, given.features);
    if (view === given.view) return;
    const viewName = safeName(measureName);
    await connection.rows({ text: viewStatement(this.#names, { view, measureName, viewName }) });
    await connection.rows({
      text: `insert into ${this.#names.measures} (kind, measure_name, view_name, sources, columns)
        values ($1, $2, $3, $4::jsonb, $5::jsonb)
        on conflict (kind, measure_name) do update set sources = excluded.sources, columns = excluded.columns`,
      values: [
        this.#kind,
        measureName,
        viewName,
        JSON.stringify(view.sources),
        JSON.stringify(view.columns),
      ],
    });
  }

  get #kind(): string {
    return this.#table === 'corrections' ? 'corrections' : 'rows';
  }

  async #hasRoom(connection: Connection): Promise<boolean> {
    const [row] = await connection.rows({
      text: `select count(*) from ${this.#names.measures} where kind = $1`,
      values: [this.#kind],
    });
    const hasRoom = Number(row?.[0]) < viewsMax;
    if (!hasRoom && !this.#isFull) {
      this.#isFull = true;
      this.#log.warn({ viewsMax }, 'There are too many measures: new ones get no view.');
    }
    return hasRoom;
  }

  #isKnown(measureName: string, feature: Feature): boolean {
    return this.#known.get(measureName)?.has(featureKey(feature)) ?? false;
  }

  #remember(measureName: string, features: readonly Feature[]): void {
    if (this.#knownCount + features.length > featuresKeptMax) {
      this.#known.clear();
      this.#knownCount = 0;
    }
    const known = this.#known.get(measureName) ?? new Set();
    for (const feature of features) known.add(featureKey(feature));
    this.#known.set(measureName, known);
    this.#knownCount += features.length;
  }
}

/** A lock was not to be had, the statement took too long, or two waited for each other. */
const lockStates: ReadonlySet<string> = new Set(['55P03', '57014', '40P01']);

/** Rows of one shape have the same features. */
function shapeOf({ prepared: { row }, series }: SeriesRow): string {
  let shape = `${row.measureName}\0${row.measureValueType}\0${hasWindow(series) ? 'w' : ''}`;
  for (const { name } of series.dimensions) shape += `\0${name}`;
  for (const { name } of row.attributes ?? []) shape += `\0\0${name}`;
  return shape;
}

function featuresOf({ prepared: { row }, series }: SeriesRow): readonly Feature[] {
  return [
    { kind: 'type', name: row.measureValueType },
    ...(hasWindow(series) ? [{ kind: 'window', name: '' } as const] : []),
    ...series.dimensions.map(({ name }) => ({ kind: 'dimension', name }) as const),
    ...(row.attributes ?? []).map(({ name }) => ({ kind: 'attribute', name }) as const),
  ];
}

function hasWindow({ beforeMs, window }: SeriesRow['series']): boolean {
  return beforeMs !== undefined || window !== undefined;
}
