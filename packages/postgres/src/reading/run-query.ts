import type { QueryResult, ReadLimits } from '@highwater/model';
import { QueryRefusedError } from '@highwater/store-kit';
import type { FieldDef, QueryArrayResult } from 'pg';
import type { Connection } from '../connections.ts';
import { placeIn, readFailure } from './read-failure.ts';
import type { ReadSession } from './read-session.ts';

type Cells = readonly (readonly (string | null)[])[];

const selects = /^(?:SELECT|WITH|VALUES|TABLE)\b/i;
const tells = /^(?:SHOW|EXPLAIN)\b/i;
/** A result is read in parts, so that one of millions of rows, or of large ones, is not read whole. */
const partRowsMax = 1_000;
const partCharactersMax = 1024 * 1024;
/** Of all values of a result together; more is cut off. */
const charactersMax = 32 * 1024 * 1024;
const declaration = 'declare result no scroll cursor for\n';

/**
 * Runs one statement that a person wrote, in a transaction that refuses to write. The connection is
 * closed afterwards, for a function may leave locks on it.
 *
 * @throws {QueryRefusedError} with the place that PostgreSQL names
 */
export async function runQuery(
  session: ReadSession,
  statement: string,
  { rowsMax, signal }: ReadLimits,
): Promise<QueryResult> {
  const bare = statement.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').replace(/^[\s(]+/, '');
  const isSelect = selects.test(bare);
  if (!isSelect && !tells.test(bare)) {
    throw new QueryRefusedError(
      'only statements that read are allowed: SELECT, WITH, VALUES, TABLE, SHOW, EXPLAIN',
      { line: 1, column: 1 },
    );
  }
  // Comments stay, so that the places that PostgreSQL names are those of the editor.
  const text = statement.trimEnd().replace(/;$/, '');
  const prefix = isSelect ? declaration : '';
  try {
    const { rows: result, elapsedMs } = await session.once(
      (connection) =>
        isSelect
          ? readParts(connection, prefix + text, rowsMax)
          : readAll(connection, text, rowsMax),
      signal,
    );
    return { ...result, elapsedMs };
  } catch (error) {
    signal.throwIfAborted();
    throw readFailure(error, (position) => placeIn(text, position - prefix.length));
  }
}

type Found = Omit<QueryResult, 'elapsedMs'>;

async function readParts(connection: Connection, text: string, rowsMax: number): Promise<Found> {
  await send(connection, text);
  const rows: (readonly (string | null)[])[] = [];
  let fields: readonly FieldDef[] = [];
  let characters = 0;
  for (;;) {
    const wanted = Math.min(nextPartRows(rows.length, characters), rowsMax + 1 - rows.length);
    const part = await send(connection, `fetch ${wanted} from result`);
    fields = part.fields;
    const cells = part.rows as unknown as Cells;
    for (const row of cells) {
      rows.push(row);
      for (const cell of row) characters += cell?.length ?? 0;
    }
    const isCut = rows.length > rowsMax || characters > charactersMax;
    if (!isCut && cells.length === wanted) continue;
    return found(connection, { fields, rows: rows.slice(0, rowsMax), isTruncated: isCut });
  }
}

/** As many rows as the next part may have, by the size of those before it. The first has one. */
function nextPartRows(rowsCount: number, characters: number): number {
  const fitting = Math.floor((partCharactersMax * rowsCount) / Math.max(1, characters));
  return Math.min(partRowsMax, Math.max(1, fitting));
}

/** What SHOW and EXPLAIN say is short, and no cursor takes them. */
async function readAll(connection: Connection, text: string, rowsMax: number): Promise<Found> {
  const result = await send(connection, text);
  const rows = result.rows as unknown as Cells;
  const isTruncated = rows.length > rowsMax;
  return found(connection, { fields: result.fields, rows: rows.slice(0, rowsMax), isTruncated });
}

async function found(
  connection: Connection,
  given: {
    readonly fields: readonly FieldDef[];
    readonly rows: Cells;
    readonly isTruncated: boolean;
  },
): Promise<Found> {
  const { fields, rows, isTruncated } = given;
  const oids = [...new Set(fields.map(({ dataTypeID }) => dataTypeID))];
  const named = await connection.rows({
    text: 'select oid::bigint, format_type(oid, null) from unnest($1::oid[]) as u(oid)',
    values: [`{${oids.join(',')}}`],
  });
  const types = new Map(named.map(([oid, name]) => [Number(oid), String(name)]));
  const columns = fields.map(({ name, dataTypeID }) => ({
    name,
    type: types.get(dataTypeID) ?? 'unknown',
  }));
  return { columns, rows, isTruncated };
}

/** The extended protocol takes one statement only; values come back as the server writes them. */
async function send({ client }: Connection, text: string): Promise<QueryArrayResult> {
  const query = {
    text,
    rowMode: 'array' as const,
    queryMode: 'extended',
    types: { getTypeParser: () => (value: string | Buffer) => value },
  };
  return await client.query(query);
}
