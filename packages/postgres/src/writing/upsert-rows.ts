import type { RowOutcome, StoreTable } from '@highwater/model';
import type { PreparedRow } from '@highwater/store-kit';
import type { Connection, Statement } from '../connections.ts';
import type { SchemaNames } from '../schema/schema-names.ts';
import { plainArray, textArray } from './array-text.ts';
import { timestampText, type RowTime } from './row-time.ts';
import type { RowSeries } from './row-series.ts';
import { attributesJson, storedValues } from './stored-values.ts';

/** A row as the table has it, but for the number of its series. */
export interface UpsertRow {
  readonly prepared: PreparedRow;
  readonly series: RowSeries;
  readonly time: RowTime;
}

/** Rows, and the number of the series of each. */
export interface UpsertBatch {
  readonly rows: readonly UpsertRow[];
  readonly seriesIds: readonly number[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  /** What is sent, where that is not the value itself, and the value of it. */
  readonly sent?: { readonly type: string; readonly toValue: string };
  /** The rows' values as an array. */
  readonly array: (batch: UpsertBatch) => string | null;
}

const keyColumns: readonly Column[] = [
  {
    name: 'series_id',
    type: 'int',
    array: ({ seriesIds }) => plainArray(seriesIds, (id) => id),
  },
  {
    name: 'time',
    type: 'timestamptz',
    sent: { type: 'bigint', toValue: `timestamptz 'epoch' + time * interval '1 microsecond'` },
    array: ({ rows }) => plainArray(rows, ({ time }) => time.micros),
  },
  {
    name: 'nanos',
    type: 'smallint',
    array: ({ rows }) => plainArray(rows, ({ time }) => time.nanos),
  },
];

/** A row without a window is none of a view row; it has a place in the table all the same. */
const windowColumns: readonly Column[] = (['startMs', 'endMs'] as const).map((bound) => ({
  name: bound === 'startMs' ? 'window_start' : 'window_end',
  type: 'timestamptz',
  array: ({ rows }) =>
    plainArray(rows, ({ series: { window } }) =>
      window ? timestampText(window[bound]) : '-infinity',
    ),
}));

const valueColumns: readonly Column[] = [
  {
    name: 'version',
    type: 'bigint',
    array: ({ rows }) => plainArray(rows, ({ prepared }) => prepared.row.version),
  },
  {
    name: 'value',
    type: 'float8',
    array: ({ rows }) => plainArray(rows, ({ prepared }) => storedValues.double(prepared.row)),
  },
  {
    name: 'value_bigint',
    type: 'bigint',
    array: ({ rows }) => plainArray(rows, ({ prepared }) => storedValues.bigint(prepared.row)),
  },
  {
    name: 'value_bool',
    type: 'boolean',
    array: ({ rows }) => plainArray(rows, ({ prepared }) => storedValues.bool(prepared.row)),
  },
  {
    name: 'value_text',
    type: 'text',
    array: ({ rows }) => textArray(rows, ({ prepared }) => storedValues.text(prepared.row)),
  },
  {
    name: 'attributes',
    type: 'jsonb',
    array: ({ rows }) => textArray(rows, ({ prepared }) => attributesJson(prepared.row.attributes)),
  },
];

/** The two statements of a table: one that writes, and one that reads what was not written. */
export class UpsertStatements {
  readonly #columns: readonly Column[];
  readonly #upsert: string;
  readonly #look: string;

  constructor(names: SchemaNames, table: StoreTable) {
    const keys = [...keyColumns, ...(table === 'corrections' ? windowColumns : [])];
    this.#columns = [...keys, ...valueColumns];
    const all = this.#columns.map(({ name }) => name).join(', ');
    const key = keys.map(({ name }) => name).join(', ');
    const given = this.#columns.map(
      ({ type, sent }, index) => `$${index + 1}::${sent?.type ?? type}[]`,
    );
    const read = this.#columns.map(({ name, sent }) =>
      sent ? `${sent.toValue} as ${name}` : name,
    );
    const input = `(select ${read.join(', ')}, place
      from unnest(${given.join(', ')}) with ordinality as u(${all}, place)) u`;
    const changes = valueColumns.map(({ name }) => `${name} = excluded.${name}`).join(', ');
    // One order for all writers: two that lock the same rows wait for each other, but not in a circle.
    // The server looks for rows that were not written only if there are any, so it reads the input twice
    // instead of keeping it.
    this.#upsert = `with stored as (
      insert into ${names.tables[table]} as p (${all}) select ${all} from ${input} order by ${key}
      on conflict (${key}) do update set ${changes}
      where excluded.version > p.version returning ${key}
    )
    select place from ${input} where (select count(*) from stored) < cardinality($1::int[])
      and not exists (select from stored where ${keys.map(({ name }) => `stored.${name} = u.${name}`).join(' and ')})`;
    const same = valueColumns
      .filter(({ name }) => name !== 'version')
      .map(({ name }) => `p.${name} is not distinct from u.${name}`)
      .join(' and ');
    const [first, last] = [this.#columns.length + 1, this.#columns.length + 2];
    // One row after the other, by its key: a plan for all of them would depend on what the server knows
    // of a table that was empty a moment ago.
    const found = keys.map(({ name }) => `p.${name} = u.${name}`).join(' and ');
    this.#look = `select u.place, p.version, ${same} from ${input}
      cross join lateral (
        select * from ${names.tables[table]} p where ${found}
        and p.time between $${first}::timestamptz and $${last}::timestamptz offset 0
      ) p`;
  }

  /** Writes rows of which no two are one row of the table. The answer has the places, from 1, of those not written. */
  upsert(batch: UpsertBatch): Statement {
    return { text: this.#upsert, values: this.#arrays(batch) };
  }

  /** Reads the stored rows beside those that were not written. The answer has places from 1. */
  look(batch: UpsertBatch): Statement {
    // Partitions that cannot have the rows are not even opened.
    const timesMs = batch.rows.map(({ time }) => time.timeMs);
    const bounds = [Math.min(...timesMs), Math.max(...timesMs) + 1].map(timestampText);
    return { text: this.#look, values: [...this.#arrays(batch), ...bounds] };
  }

  #arrays(batch: UpsertBatch): readonly (string | null)[] {
    return this.#columns.map(({ array }) => array(batch));
  }
}

/**
 * Writes rows and tells what became of each, exactly, whoever else writes: the rows that were not
 * written are read afterwards, when what stood against them is there to be seen.
 *
 * @returns undefined for a row that somebody has removed in between: it is to be written again
 */
export async function upsertRows(
  connection: Connection,
  statements: UpsertStatements,
  batch: UpsertBatch,
): Promise<readonly (RowOutcome | undefined)[]> {
  const unwritten = await connection.rows(statements.upsert(batch));
  const outcomes: (RowOutcome | undefined)[] = batch.rows.map(() => written);
  if (unwritten.length === 0) return outcomes;
  const places = unwritten.map(([place]) => Number(place) - 1);
  for (const place of places) outcomes[place] = undefined;
  const rows = places.map((place) => batch.rows[place] as UpsertRow);
  const seriesIds = places.map((place) => batch.seriesIds[place] as number);
  const looked = await connection.rows(statements.look({ rows, seriesIds }));
  for (const [place, version, isSame] of looked) {
    const { prepared } = rows[Number(place) - 1] as UpsertRow;
    const at = places[Number(place) - 1] as number;
    outcomes[at] = outcomeBeside(prepared.row.version, Number(version), isSame === true);
  }
  return outcomes;
}

const written: RowOutcome = { status: 'written' };

function outcomeBeside(
  version: number,
  existingVersion: number,
  isSame: boolean,
): RowOutcome | undefined {
  if (existingVersion > version) return { status: 'already_newer', existingVersion };
  if (existingVersion < version) return undefined;
  if (isSame) return written;
  return {
    status: 'rejected',
    reason: 'version_conflict',
    detail: `version ${version} is stored with another value`,
  };
}
