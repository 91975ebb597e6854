import { randomUUID } from 'node:crypto';
import { compileStatement } from '../compile/compile-statement.ts';
import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject, RequestContext } from '../http/operation.ts';
import { parseStatement } from '../sql/parse/parse-statement.ts';
import { columnInfo } from './column-info.ts';
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

/** Answers Query: a new one, or the next page of one that a token names. */
export function queryOperation(context: QueryContext) {
  return async (input: JsonObject, { signal }: RequestContext): Promise<object> => {
    checkShape(queryShapes.query, input);
    const { QueryString, NextToken, MaxRows } = input as unknown as Input;
    const claimed = NextToken ? claim(context, NextToken, QueryString) : undefined;
    if (claimed?.again) return answer(claimed.query, claimed.again.page, claimed.again.nextToken);
    const query = claimed?.query ?? (await open(context, QueryString));
    const page = await readPage(context, query, signal, {
      rowsMax: MaxRows ?? undefined,
      isFirst: !claimed,
    });
    const given = context.queries.give(query, page, randomUUID);
    return answer(query, page, given.nextToken);
  };
}

function claim({ queries }: QueryContext, token: string, text: string) {
  const claimed = queries.claim(token);
  if (!claimed || claimed.query.text !== text) {
    throw new ApiError('ValidationException', 'Invalid pagination token.');
  }
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

async function build({ store, nowMs, slots }: QueryContext, text: string): Promise<OpenQuery> {
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
  const types = compiled.columns.map(({ type }) => type);
  return new OpenQuery({
    id,
    text,
    columns: compiled.columns.map(({ name, type }, at) => columnInfo(type, name ?? `_col${at}`)),
    source: duckRows(await store.connect(), compiled.sql, types),
    isMetadata: false,
  });
}

interface PageWish {
  readonly rowsMax: number | undefined;
  readonly isFirst: boolean;
}

/** Computes within the time limit, and no longer than the client waits. */
async function readPage(
  { slots, queries, clock, timeLimitMs }: QueryContext,
  query: OpenQuery,
  gone: AbortSignal,
  { rowsMax, isFirst }: PageWish,
): Promise<QueryPage> {
  const done = new AbortController();
  const onGone = () => query.stop('disconnected');
  try {
    return await slots.use(async () => {
      gone.throwIfAborted();
      gone.addEventListener('abort', onGone, { once: true });
      void clock.sleep(timeLimitMs, done.signal).then(
        () => query.stop('timeout'),
        () => undefined,
      );
      return query.read(rowsMax, isFirst);
    });
  } catch (error) {
    queries.finish(query);
    throw queryError(error, query.stopped, timeLimitMs);
  } finally {
    done.abort();
    gone.removeEventListener('abort', onGone);
  }
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
