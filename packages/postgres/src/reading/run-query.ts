import type { QueryResult, ReadLimits } from '@highwater/model';
import { QueryRefusedError } from '@highwater/store-kit';
import type { FieldDef } from 'pg';
import type { Connection } from '../connections.ts';
import { BoundedAnswers } from './bounded-answers.ts';
import { placeIn, readFailure } from './read-failure.ts';
import type { ReadSession } from './read-session.ts';

type Cells = readonly (readonly (string | null)[])[];

const selects = /^(?:SELECT|WITH|VALUES|TABLE)\b/i;
const tells = /^(?:SHOW|EXPLAIN)\b/i;
/** A result is read in parts, so that one of millions of rows, or of large ones, is not read whole. */
const partRowsMax = 1_000;
const partBytesMax = 1024 * 1024;
/** Of all parts of a result together; more is cut off. */
const bytesMax = 32 * 1024 * 1024;
/** Of one part, when its rows are larger than those before it. */
const answerBytesMax = 64 * 1024 * 1024;
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
  const answers = new BoundedAnswers(connection.client, answerBytesMax);
  await answers.send(text);
  const rows: (readonly (string | null)[])[] = [];
  let bytes = 0;
  let partRows = 1;
  for (;;) {
    const wanted = Math.min(partRows, rowsMax + 1 - rows.length);
    const part = await answers.send(`fetch ${wanted} from result`);
    const cells = part.rows as unknown as Cells;
    rows.push(...cells);
    bytes += part.bytes;
    const isCut = rows.length > rowsMax || bytes > bytesMax;
    if (isCut || cells.length < wanted) {
      const { fields } = part;
      return found(connection, { fields, rows: rows.slice(0, rowsMax), isTruncated: isCut });
    }
    partRows = nextPartRows(wanted, bytes / rows.length);
  }
}

/** At most twice as many rows as before, for what follows small rows may be large. */
function nextPartRows(lastRows: number, rowBytes: number): number {
  const fitting = Math.floor(partBytesMax / rowBytes);
  return Math.max(1, Math.min(2 * lastRows, fitting, partRowsMax));
}

/** What SHOW and EXPLAIN say is short, and no cursor takes them. */
async function readAll(connection: Connection, text: string, rowsMax: number): Promise<Found> {
  const result = await new BoundedAnswers(connection.client, answerBytesMax).send(text);
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
