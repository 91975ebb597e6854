import type { PreparedRow } from '@highwater/store-kit';
import type { Connection } from '../connections.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { storableText } from '../sql-text.ts';
import { plainArray, textArray } from './array-text.ts';
import { RecentMap } from './recent-map.ts';
import { dimensionsJson, seriesDigest, type RowSeries } from './row-series.ts';

/** A row and its series, before that has a number. */
export interface SeriesRow {
  readonly prepared: PreparedRow;
  readonly series: RowSeries;
}

interface MissingSeries extends SeriesRow {
  readonly digest: string;
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
  #kept = new RecentMap<number>(keptCharactersMax);

  constructor(names: SchemaNames) {
    this.#names = names;
  }

  /** Forgets all: another server may have other numbers. */
  forget(): void {
    this.#kept = new RecentMap(keptCharactersMax);
  }

  /** @returns the number of each row's series */
  async resolve(connection: Connection, rows: readonly SeriesRow[]): Promise<readonly number[]> {
    // What is asked of a server that was lost meanwhile is forgotten with it.
    const kept = this.#kept;
    const missing = new Map<string, MissingSeries>();
    const found = rows.map((row) => {
      const key = keyOf(row);
      const id = kept.get(key);
      if (id === undefined && !missing.has(key)) {
        const { prepared, series } = row;
        const digest = seriesDigest(prepared.row.measureName, series);
        missing.set(key, { ...row, digest });
      }
      return id;
    });
    if (missing.size === 0) return found as readonly number[];
    const ids = await this.#register(connection, [...missing.values()]);
    const idByKey = new Map<string, number>();
    for (const [key, { digest }] of missing) {
      const id = ids.get(digest);
      if (id === undefined) throw new Error(`series ${digest} is missing after it was registered`);
      idByKey.set(key, id);
      kept.set(key, id);
    }
    return rows.map((row, index) => found[index] ?? (idByKey.get(keyOf(row)) as number));
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
        textArray(unknown.map(({ prepared }) => storableText(prepared.row.measureName))),
        textArray(unknown.map(({ series }) => dimensionsJson(series.dimensions))),
        plainArray(unknown.map(({ series }) => series.beforeMs)),
        plainArray(unknown.map(({ series }) => series.afterMs)),
        plainArray(unknown.map(({ digest }) => digest)),
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
      values: [plainArray(wanted.map(({ digest }) => digest))],
    });
    return new Map(rows.map(([digest, id]) => [String(digest), Number(id)]));
  }
}

function keyOf({ prepared, series }: SeriesRow): string {
  return `${prepared.row.measureName}\0${series.key}`;
}
