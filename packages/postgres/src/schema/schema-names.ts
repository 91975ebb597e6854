import { createHash } from 'node:crypto';
import type { StoreTable } from '@highwater/model';
import { identifier } from '../sql-text.ts';

/** Schemas and tables as statements name them, quoted. */
export interface SchemaNames {
  /** The schema of the tables. */
  readonly data: string;
  /** A view for each measure. */
  readonly people: string;
  /** A view for the corrections of each measure. */
  readonly corrections: string;
  /** The same without quotes, as the catalogue has them. */
  readonly bare: { readonly data: string; readonly people: string; readonly corrections: string };
  readonly migrations: string;
  readonly series: string;
  readonly measures: string;
  readonly tables: Readonly<Record<StoreTable, string>>;
  /** For advisory locks: two schemas of one database do not wait for each other. */
  readonly lockKey: string;
}

/** The default of an address. */
export const defaultSchema = 'highwater';

/** Names in a database, from the schema that people read. */
export function schemaNames(schema: string = defaultSchema): SchemaNames {
  const bare = { data: `${schema}_data`, people: schema, corrections: `${schema}_corrections` };
  const data = identifier(bare.data);
  const lockKey = createHash('sha256').update(`highwater ${schema}`).digest().readBigInt64BE();
  return {
    data,
    people: identifier(bare.people),
    corrections: identifier(bare.corrections),
    bare,
    migrations: `${data}.migrations`,
    series: `${data}.series`,
    measures: `${data}.measures`,
    tables: {
      raw: `${data}.raw`,
      views: `${data}.views`,
      corrections: `${data}.corrections`,
    },
    lockKey: String(lockKey),
  };
}
