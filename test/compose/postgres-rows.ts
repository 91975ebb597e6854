import { Client } from 'pg';
import { rowName } from '../end-to-end/local-pipeline.ts';

interface StoredRow {
  readonly measure_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly time_us: string;
  readonly nanos: number;
  /** Of a double; null for other types. */
  readonly value: number | null;
  readonly text: string | null;
}

/** Every row of the tables, as `identity -> value`, named as the expected ones are. */
export async function postgresRows(host: string): Promise<ReadonlyMap<string, string>> {
  const client = new Client({
    host,
    database: 'highwater',
    user: 'highwater_reader',
    password: 'highwater',
  });
  await client.connect();
  try {
    const read = async (table: 'raw' | 'views') => {
      const { rows } = await client.query<StoredRow>(
        `SELECT s.measure_name, s.dimensions, p.nanos,
          (extract(epoch FROM p.time) * 1000000)::bigint::text AS time_us,
          p.value, coalesce(p.value_text, p.value_bool::text, p.value_bigint::text) AS text
        FROM highwater_data.${table} p JOIN highwater_data.series s USING (series_id)`,
      );
      return rows.map((row) => named(row, table === 'views'));
    };
    return new Map([...(await read('raw')), ...(await read('views'))]);
  } finally {
    await client.end();
  }
}

function named(row: StoredRow, isView: boolean): [string, string] {
  const dimensions = Object.entries(row.dimensions).map(([name, value]) => ({ name, value }));
  const timeNs = BigInt(row.time_us) * 1_000n + BigInt(row.nanos);
  return [rowName(row.measure_name, dimensions, timeNs, isView), row.text ?? String(row.value)];
}
