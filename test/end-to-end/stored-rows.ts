import {
  QueryCommand,
  type Row,
  type TimestreamQueryClient,
} from '@aws-sdk/client-timestream-query';
import type { Dimension } from '@highwater/model';
import { Client } from 'pg';
import { rowKey } from '../reference-rows.ts';

/** Every row of the table of Timestream, as `identity -> value`, named as the expected ones are. */
export async function timestreamRows(
  query: TimestreamQueryClient,
): Promise<ReadonlyMap<string, string>> {
  const rows: [string, string][] = [];
  let NextToken: string | undefined;
  do {
    const QueryString = 'SELECT * FROM "highwater"."metrics"';
    const reply = await query.send(new QueryCommand({ QueryString, NextToken }));
    const names = (reply.ColumnInfo ?? []).map(({ Name }) => Name ?? '');
    for (const row of reply.Rows ?? []) rows.push(readRow(names, row));
    NextToken = reply.NextToken;
  } while (NextToken !== undefined);
  return inOrder(rows);
}

/** The same of the tables of PostgreSQL, from the tables themselves. */
export async function postgresRows(url: string): Promise<ReadonlyMap<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<PostgresRow>(postgresStatement);
    return inOrder(rows.map(readPostgresRow));
  } finally {
    await client.end();
  }
}

interface PostgresRow {
  readonly kind: 'raw' | 'views';
  readonly measure_name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly time_ns: string;
  readonly number: number | null;
  readonly text: string | null;
}

const postgresStatement = (['raw', 'views'] as const)
  .map(
    (kind) => `select '${kind}' as kind, s.measure_name, s.dimensions,
      (extract(epoch from r.time) * 1000000)::bigint * 1000 + r.nanos as time_ns, r.value as number,
      coalesce(r.value_bigint::text, r.value_bool::text, r.value_text) as text
      from highwater_data.${kind} r join highwater_data.series s using (series_id)`,
  )
  .join(' union all ');

function readPostgresRow(row: PostgresRow): [string, string] {
  const { kind, measure_name: measureName, dimensions: byName, number, text } = row;
  const dimensions = Object.entries(byName).map(([name, value]) => ({ name, value }));
  const series = { isView: kind === 'views', measureName, dimensions };
  return [keyOf(series, BigInt(row.time_ns)), number === null ? (text ?? '') : String(number)];
}

function inOrder(rows: readonly [string, string][]): ReadonlyMap<string, string> {
  return new Map(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function readRow(names: readonly string[], row: Row): [string, string] {
  const dimensions: Dimension[] = [];
  let [measureName, timeNs, value] = ['', 0n, ''];
  let isView = false;
  for (const [index, name] of names.entries()) {
    const text = row.Data?.[index]?.ScalarValue;
    if (text === undefined) continue;
    if (name === 'measure_name') measureName = text;
    else if (name === 'time') timeNs = parseTimestamp(text);
    else if (name === 'measure_value::double') value = String(Number(text));
    else if (name.startsWith('measure_value::')) value = text;
    else if (name.startsWith('window_')) isView = true;
    else dimensions.push({ name, value: text });
  }
  return [keyOf({ isView, measureName, dimensions }, timeNs), value];
}

function keyOf(
  {
    isView,
    measureName,
    dimensions,
  }: {
    readonly isView: boolean;
    readonly measureName: string;
    readonly dimensions: readonly Dimension[];
  },
  timeNs: bigint,
): string {
  return isView
    ? `avg_${rowKey(measureName.replace('avg_', ''), dimensions, Number(timeNs / 1_000_000n))}`
    : identity(measureName, dimensions, timeNs);
}

/** What tells a raw row from all others. */
export function identity(
  measureName: string,
  dimensions: readonly Dimension[],
  timeNs: bigint,
): string {
  return `${timeNs}|${rowKey(measureName, dimensions, 0)}`;
}

/** `yyyy-MM-dd HH:mm:ss.nnnnnnnnn`, UTC. */
function parseTimestamp(text: string): bigint {
  const [seconds = '', fraction = ''] = text.split('.');
  return BigInt(Date.parse(`${seconds.replace(' ', 'T')}Z`)) * 1_000_000n + BigInt(fraction);
}
