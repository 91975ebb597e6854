import { randomUUID } from 'node:crypto';
import { compileStatement } from '../compile/compile-statement.ts';
import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import { JsonText, type JsonObject, type RequestContext } from '../http/operation.ts';
import { engineRows } from '../engine/engine-rows.ts';
import { parseStatement } from '../sql/parse/parse-statement.ts';
import { columnInfo } from './column-info.ts';
import { compute, endsWithin } from './compute.ts';
import { emptyPage, OpenQuery, type QueryPage } from './open-query.ts';
import type { QueryContext } from './query-context.ts';
import { queryError } from './query-errors.ts';
import { fixedRows } from './row-source.ts';
import { queryShapes } from './shapes.ts';
import { show } from './show.ts';
import type { Store } from '../store/store.ts';
import type { TableState } from '../store/table-state.ts';

interface Input {
  readonly QueryString: string;
  readonly NextToken?: string | null | undefined;
  readonly MaxRows?: number | null | undefined;
}

/** The page options of one call. */
interface PageWish {
  readonly text: string;
  readonly rowsMax: number | undefined;
}

/** Answers Query: a new query, or the next page of the one that a token names. */
export function queryOperation(context: QueryContext) {
  return async (input: JsonObject, { signal }: RequestContext): Promise<JsonText> => {
    checkShape(queryShapes.query, input);
    const { QueryString, NextToken, MaxRows } = input as unknown as Input;
    const wish = { text: QueryString, rowsMax: MaxRows ?? undefined };
    const query = NextToken ? queryOfToken(context, NextToken) : await open(context, QueryString);
    const onGone = () => query.stop('disconnected');
    if (signal.aborted) onGone();
    signal.addEventListener('abort', onGone, { once: true });
    try {
      return NextToken
        ? await query.inTurn(() => nextPage(context, NextToken, wish))
        : await query.inTurn(() => page(context, query, { ...wish, isFirst: true }));
    } finally {
      signal.removeEventListener('abort', onGone);
    }
  };
}

function queryOfToken({ queries }: QueryContext, token: string): OpenQuery {
  return queries.ofToken(token) ?? invalidToken();
}

function invalidToken(): never {
  throw new ApiError('ValidationException', 'Invalid pagination token.');
}

async function nextPage(
  context: QueryContext,
  token: string,
  { text, rowsMax }: PageWish,
): Promise<JsonText> {
  const { query, again } = claim(context, token, text);
  if (again) return answer(query, again.page, again.nextToken);
  return page(context, query, { rowsMax, isFirst: false });
}

/**
 * After this time, a call is answered with an empty page and a token, as the service does for long
 * queries. The service's own time is not documented.
 */
const emptyPageAfterMs = 1000;

interface PageOptions {
  readonly rowsMax: number | undefined;
  readonly isFirst: boolean;
}

/** The query continues to compute after an empty page. */
async function page(
  context: QueryContext,
  query: OpenQuery,
  { rowsMax, isFirst }: PageOptions,
): Promise<JsonText> {
  try {
    if (query.failure) throw query.failure;
    const filling = query.filling(() => compute(context, query, () => query.fill(rowsMax)));
    const isFilled = await endsWithin(filling, emptyPageAfterMs, context.clock);
    if (isFilled) await filling;
    const given = isFilled ? query.take(rowsMax, isFirst) : emptyPage;
    const { nextToken } = context.queries.give(query, given, randomUUID);
    return answer(query, given, nextToken);
  } catch (error) {
    context.queries.finish(query);
    throw !isFirst && query.stopped === 'cancelled' ? cancelled() : error;
  }
}

function cancelled(): ApiError {
  return new ApiError('ConflictException', 'The query has been canceled.');
}

function claim({ queries }: QueryContext, token: string, text: string) {
  const claimed = queries.claim(token);
  if (!claimed || claimed.query.text !== text) return invalidToken();
  if (claimed.query.stopped === 'cancelled') throw cancelled();
  return claimed;
}

async function open(context: QueryContext, text: string): Promise<OpenQuery> {
  try {
    const query = await build(context, text);
    context.queries.add(query);
    return query;
  } catch (error) {
    throw queryError(error);
  }
}

async function build(
  { store, engines, nowMs, slots, clock, timeLimitMs }: QueryContext,
  text: string,
): Promise<OpenQuery> {
  const id = `${randomUUID()}${randomUUID()}`.replaceAll('-', '').toUpperCase().slice(0, 52);
  const statement = parseStatement(text);
  if (statement.kind !== 'query') {
    const shown = await show(statement, store.catalog, (table) =>
      slots.run(() => dimensionsByMeasure(store, table)),
    );
    return new OpenQuery({
      id,
      text,
      columns: shown.columns.map(({ name, type }) => columnInfo(type, name)),
      source: fixedRows(shown.rows.map((row) => JSON.stringify(row))),
      isMetadata: true,
    });
  }
  const nowNs = BigInt(Math.floor(nowMs())) * 1_000_000n;
  const compiled = compileStatement(statement, { catalog: store.catalog, nowNs });
  const { sql, columns } = compiled;
  const columnTypes = columns.map(({ type }) => type);
  return new OpenQuery({
    id,
    text,
    columns: columns.map(({ name, type }, at) => columnInfo(type, name ?? `_col${at}`)),
    source: engineRows(engines.for(sql), { sql, columnTypes, clock, timeLimitMs }),
    isMetadata: false,
  });
}

/** As captured: a query is metered as at least 10 MB, SHOW and DESCRIBE as nothing. */
const meteredBytesMin = 10_000_000;

function answer(query: OpenQuery, given: QueryPage, nextToken: string | undefined): JsonText {
  const { isMetadata, bytesRead } = query;
  const rest = {
    QueryId: query.id,
    ColumnInfo: query.columns,
    QueryStatus: {
      ProgressPercentage: given.isLast ? 100 : given.rows.length === 0 ? 0 : 99,
      CumulativeBytesScanned: isMetadata ? 0 : bytesRead,
      CumulativeBytesMetered: isMetadata ? 0 : Math.max(bytesRead, meteredBytesMin),
    },
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
  const rows = given.rows.map((data) => `{"Data":${data}}`).join(',');
  return new JsonText(`{"Rows":[${rows}],${JSON.stringify(rest).slice(1)}`);
}

/** Which dimensions the series of each measure name have, in the order of the table's columns. */
async function dimensionsByMeasure(
  store: Store,
  table: TableState,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const columns = table.committedOf('dimension');
  const counts = columns.map(({ physical }) => `count(${physical})`);
  const connection = await store.connect();
  try {
    const result = await connection.run(
      `SELECT ${['measure_name', ...counts].join(', ')} FROM ${table.seriesTable} GROUP BY measure_name`,
    );
    return new Map(
      (await result.getRows()).map(([measure, ...present]) => [
        String(measure),
        columns.filter((_, at) => present[at] !== 0n).map(({ name }) => name),
      ]),
    );
  } finally {
    connection.closeSync();
  }
}
