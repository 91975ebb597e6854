import { randomUUID } from 'node:crypto';
import { compileStatement } from '../compile/compile-statement.ts';
import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject, RequestContext } from '../http/operation.ts';
import { parseStatement } from '../sql/parse/parse-statement.ts';
import { columnInfo } from './column-info.ts';
import { compute, endsWithin } from './compute.ts';
import { dimensionsByMeasure } from './dimensions-by-measure.ts';
import { OpenQuery, type QueryPage } from './open-query.ts';
import type { QueryContext } from './query-context.ts';
import { queryError } from './query-errors.ts';
import { duckRows, fixedRows } from './row-source.ts';
import { queryShapes } from './shapes.ts';
import { show } from './show.ts';

interface Input {
  readonly QueryString: string;
  readonly NextToken?: string | null | undefined;
  readonly MaxRows?: number | null | undefined;
}

/** How one call wants its page. */
interface PageWish {
  readonly text: string;
  readonly rowsMax: number | undefined;
}

/** Answers Query: a new one, or the next page of one that a token names. */
export function queryOperation(context: QueryContext) {
  return async (input: JsonObject, { signal }: RequestContext): Promise<object> => {
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
        : await firstPage(context, query, wish);
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

/** Then a call with MaxRows is answered with an empty page, which tells the query's id. */
const emptyPageAfterMs = 1000;

async function firstPage(
  context: QueryContext,
  query: OpenQuery,
  { rowsMax }: PageWish,
): Promise<object> {
  const filling = query.inTurn(() => compute(context, query, () => query.fill(rowsMax)));
  try {
    const isFilled =
      rowsMax === undefined || (await endsWithin(filling, emptyPageAfterMs, context.clock));
    if (isFilled) await filling;
    const page = isFilled ? query.take(rowsMax, true) : { rows: [], isLast: false };
    const { nextToken } = context.queries.give(query, page, randomUUID);
    return answer(query, page, nextToken);
  } catch (error) {
    context.queries.finish(query);
    throw error;
  }
}

async function nextPage(
  context: QueryContext,
  token: string,
  { text, rowsMax }: PageWish,
): Promise<object> {
  const { query, again } = claim(context, token, text);
  if (again) return answer(query, again.page, again.nextToken);
  try {
    if (query.failure) throw query.failure;
    const page = await compute(context, query, () => query.read(rowsMax, false));
    const { nextToken } = context.queries.give(query, page, randomUUID);
    return answer(query, page, nextToken);
  } catch (error) {
    context.queries.finish(query);
    throw error;
  }
}

function claim({ queries }: QueryContext, token: string, text: string) {
  const claimed = queries.claim(token);
  if (!claimed || claimed.query.text !== text) return invalidToken();
  if (claimed.query.stopped === 'cancelled') {
    throw new ApiError('ConflictException', 'The query has been canceled.');
  }
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
  { store, nowMs, slots, clock }: QueryContext,
  text: string,
): Promise<OpenQuery> {
  const id = `${randomUUID()}${randomUUID()}`.replaceAll('-', '').toUpperCase().slice(0, 52);
  const statement = parseStatement(text);
  if (statement.kind !== 'query') {
    const shown = await show(statement, store.catalog, (table) =>
      slots.use(() => dimensionsByMeasure(store, table)),
    );
    return new OpenQuery({
      id,
      text,
      columns: shown.columns.map(({ name, type }) => columnInfo(type, name)),
      source: fixedRows(shown.rows),
      isMetadata: true,
    });
  }
  const nowNs = BigInt(Math.floor(nowMs())) * 1_000_000n;
  const compiled = compileStatement(statement, { catalog: store.catalog, nowNs });
  const columnTypes = compiled.columns.map(({ type }) => type);
  return new OpenQuery({
    id,
    text,
    columns: compiled.columns.map(({ name, type }, at) => columnInfo(type, name ?? `_col${at}`)),
    source: duckRows(await store.connect(), { sql: compiled.sql, columnTypes, clock }),
    isMetadata: false,
  });
}

/** As captured: a query is metered as at least 10 MB, SHOW and DESCRIBE as nothing. */
const meteredBytesMin = 10_000_000;

function answer(query: OpenQuery, page: QueryPage, nextToken: string | undefined): object {
  const { isMetadata, bytesRead } = query;
  return {
    QueryId: query.id,
    Rows: page.rows.map((Data) => ({ Data })),
    ColumnInfo: query.columns,
    QueryStatus: {
      ProgressPercentage: page.isLast ? 100 : page.rows.length === 0 ? 0 : 99,
      CumulativeBytesScanned: isMetadata ? 0 : bytesRead,
      CumulativeBytesMetered: isMetadata ? 0 : Math.max(bytesRead, meteredBytesMin),
    },
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
}
