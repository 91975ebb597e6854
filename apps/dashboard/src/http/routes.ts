import { version } from '@highwater/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { DashboardConfig } from '../config.ts';
import {
  correctionsRequest,
  deadLettersRequest,
  measuresRequest,
  pointsRequest,
  queryRequest,
  searchRequest,
  valuesRequest,
  windowsRequest,
} from '../contract.ts';
import { readCorrections } from '../corrections/read-corrections.ts';
import { readDeadLetters } from '../dead-letters/read-dead-letters.ts';
import type { DimensionValues } from '../explore/dimension-values.ts';
import { readMeasures } from '../explore/read-measures.ts';
import { readPoints } from '../explore/read-points.ts';
import { readValues, searchValues } from '../explore/read-values.ts';
import { readWindows } from '../explore/read-windows.ts';
import type { PipelineWatch } from '../pipeline/pipeline-watch.ts';
import type { QueryPort } from '../store/query-port.ts';
import type { Tables } from '../store/tables.ts';
import { readingStatement } from './reading-statement.ts';

/** What the answers are made of. */
export interface ApiContext {
  readonly config: DashboardConfig;
  readonly port: QueryPort;
  readonly tables: Tables;
  readonly values: DimensionValues;
  readonly watch: PipelineWatch;
  readonly nowMs: () => number;
}

/** One route: how it is described, checked and answered. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly request?: z.ZodType | undefined;
  readonly answer: (input: unknown, signal: AbortSignal) => unknown;
}

/** Every route of the API, from which the documentation is made too. */
export function apiRoutes(context: ApiContext): readonly ApiRoute[] {
  const { config, port, watch } = context;
  return [
    get('/api/info', 'What this dashboard looks at', () => ({
      version,
      database: config.HW_TIMESTREAM_DATABASE,
      table: config.HW_TIMESTREAM_TABLE,
      correctionsTable: config.HW_TIMESTREAM_CORRECTIONS_TABLE,
      nowMs: context.nowMs(),
      hasServices: watch.reply.state?.source !== 'none',
    })),
    post('/api/measures', 'Measures with rows in a range', measuresRequest, (input, signal) =>
      readMeasures(context, input, signal),
    ),
    post('/api/values', 'Values of a dimension', valuesRequest, (input, signal) =>
      readValues(context, input, signal),
    ),
    post('/api/search', 'Values of all dimensions', searchRequest, (input, signal) =>
      searchValues(context, input, signal),
    ),
    post('/api/points', 'Points of a measure, binned', pointsRequest, (input, signal) =>
      readPoints(context, input, signal),
    ),
    post('/api/windows', 'Windows of a view', windowsRequest, (input, signal) =>
      readWindows(context, input, signal),
    ),
    post('/api/corrections', 'What late points changed', correctionsRequest, (input, signal) =>
      readCorrections(context, input, signal),
    ),
    post('/api/query', 'Any statement that reads', queryRequest, (input, signal) => {
      const { statement, rowsMax } = input;
      return port.query(readingStatement(statement), { rowsMax, signal });
    }),
    post('/api/dead-letters', 'Records that were set aside', deadLettersRequest, (input) =>
      readDeadLetters(config.HW_DEAD_LETTERS_DIR, input),
    ),
    get('/api/pipeline', 'The services and their figures', () => watch.reply),
  ];
}

/** Serves the routes. A request that is broken off ends its query. */
export function addRoutes(server: FastifyInstance, routes: readonly ApiRoute[]): void {
  for (const { method, path, request, answer } of routes) {
    server.route({
      method,
      url: path,
      handler: async (incoming: FastifyRequest, reply: FastifyReply) => {
        const input = request?.parse(incoming.body ?? {});
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        void reply.header('cache-control', 'no-store');
        return answer(input, gone.signal);
      },
    });
  }
}

function get(path: string, summary: string, answer: () => unknown): ApiRoute {
  return { method: 'GET', path, summary, answer };
}

function post<S extends z.ZodType>(
  path: string,
  summary: string,
  request: S,
  answer: (input: z.output<S>, signal: AbortSignal) => unknown,
): ApiRoute {
  return {
    method: 'POST',
    path,
    summary,
    request,
    answer: (input, signal) => answer(input as z.output<S>, signal),
  };
}
