import type { PreparedRow } from '@highwater/store-kit';
import type { Connection } from '../connections.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { storableText } from '../sql-text.ts';
import { plainArray, textArray } from './array-text.ts';
import { RecentSeries, type KnownSeries } from './recent-series.ts';
import { dimensionsJson, seriesDigest, type RowSeries } from './row-series.ts';

/** A row and its series, before that has a number. */
export interface SeriesRow {
  readonly prepared: PreparedRow;
  readonly series: RowSeries;
}

interface MissingSeries extends SeriesRow {
  readonly digest: string;
  /** The places of its rows. */
  readonly places: number[];
}

/** About 78,000 series of eight dimensions. */
const keptCharactersMax = 32 * 1024 * 1024;

/**
 * The numbers of series. Those that the database does not have yet are registered: looked for first,
 * for every insert that finds its series there burns a number, and in one order, for two writers must
 * not wait for each other.
 */
export class SeriesIds {
  readonly #names: SchemaNames;
  #kept = new RecentSeries(keptCharactersMax);

  constructor(names: SchemaNames) {
    this.#names = names;
  }

  /** Forgets all: another server may have other numbers. */
  forget(): void {
    this.#kept = new RecentSeries(keptCharactersMax);
  }

  /** @returns the series of each row, with its number */
  async resolve(
    connection: Connection,
    rows: readonly SeriesRow[],
  ): Promise<readonly KnownSeries[]> {
    // What is asked of a server that was lost meanwhile is forgotten with it.
    const kept = this.#kept;
    const found = rows.map(({ prepared, series }) =>
      kept.get(prepared.row.measureName, series.key),
    );
    if (!found.includes(undefined)) return found as readonly KnownSeries[];
    const missing = missingSeries(rows, found);
    const ids = await this.#register(connection, missing);
    for (const { prepared, series, digest, places } of missing) {
      const id = ids.get(digest);
      if (id === undefined) throw new Error(`series ${digest} is missing after it was registered`);
      const known: KnownSeries = { id, typesInView: 0 };
      kept.set(prepared.row.measureName, series.key, known);
      for (const place of places) found[place] = known;
    }
    return found as readonly KnownSeries[];
  }

  async #register(
    connection: Connection,
    missing: readonly MissingSeries[],
  ): Promise<ReadonlyMap<string, number>> {
    const ids = await this.#find(connection, missing);
    const unknown = missing.filter(({ digest }) => !ids.has(digest));
    if (unknown.length === 0) return ids;
    await connection.rows({
      text: `insert into ${this.#names.series} (measure_name, dimensions, window_before_ms, window_after_ms, digest)
        select measure_name, dimensions, before_ms, after_ms, decode(digest, 'hex')
        from unnest($1::text[], $2::jsonb[], $3::bigint[], $4::bigint[], $5::text[])
          as u(measure_name, dimensions, before_ms, after_ms, digest)
        order by digest on conflict (digest) do nothing`,
      values: [
        textArray(unknown, ({ prepared }) => storableText(prepared.row.measureName)),
        textArray(unknown, ({ series }) => dimensionsJson(series.dimensions)),
        plainArray(unknown, ({ series }) => series.beforeMs),
        plainArray(unknown, ({ series }) => series.afterMs),
        plainArray(unknown, ({ digest }) => digest),
      ],
    });
    return new Map([...ids, ...(await this.#find(connection, unknown))]);
  }

  async #find(
    connection: Connection,
    wanted: readonly MissingSeries[],
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await connection.rows({
      text: `select u.digest, s.series_id from unnest($1::text[]) as u(digest)
        join ${this.#names.series} s on s.digest = decode(u.digest, 'hex')`,
      values: [plainArray(wanted, ({ digest }) => digest)],
    });
    return new Map(rows.map(([digest, id]) => [String(digest), Number(id)]));
  }
}

/** The distinct series of rows that are not known. */
function missingSeries(
  rows: readonly SeriesRow[],
  found: readonly (KnownSeries | undefined)[],
): readonly MissingSeries[] {
  const missing = new Map<string, MissingSeries>();
  for (const [place, row] of rows.entries()) {
    if (found[place] !== undefined) continue;
    const digest = seriesDigest(row.prepared.row.measureName, row.series);
    const known = missing.get(digest);
    if (known) known.places.push(place);
    else missing.set(digest, { ...row, digest, places: [place] });
  }
  return [...missing.values()];
}
