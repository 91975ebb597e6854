import type { RowReader } from '@highwater/model';
import { version } from '@highwater/service';
import type { z } from 'zod';
import type { DashboardConfig } from '../config.ts';
import {
  correctionsReply,
  correctionsRequest,
  deadLettersReply,
  deadLettersRequest,
  infoReply,
  measuresReply,
  measuresRequest,
  pipelineReply,
  pointsReply,
  pointsRequest,
  queryReply,
  queryRequest,
  searchReply,
  searchRequest,
  valuesReply,
  valuesRequest,
  windowsReply,
  windowsRequest,
  type Immutable,
} from '../contract.ts';
import { readCorrections } from '../corrections/read-corrections.ts';
import { readDeadLetters } from '../dead-letters/read-dead-letters.ts';
import type { DimensionValues } from '../explore/dimension-values.ts';
import { readMeasures } from '../explore/read-measures.ts';
import { readPoints } from '../explore/read-points.ts';
import { readValues, searchValues } from '../explore/read-values.ts';
import { readWindows } from '../explore/read-windows.ts';
import type { PipelineWatch } from '../pipeline/pipeline-watch.ts';
import { openApiDocument, openApiReply } from './open-api.ts';
import type { RouteSchemas } from './route-schemas.ts';

/** Dependencies of the answers. */
export interface ApiContext {
  readonly config: DashboardConfig;
  readonly reader: RowReader;
  readonly values: DimensionValues;
  readonly watch: PipelineWatch;
  readonly nowMs: () => number;
}

/** One route: its description, its checks, and its answer. */
export interface ApiRoute extends RouteSchemas {
  readonly answer: (input: unknown, signal: AbortSignal) => unknown;
}

/** Every route of the API. The documentation is also generated from it. */
export function apiRoutes(context: ApiContext): readonly ApiRoute[] {
  const { config, reader, watch } = context;
  const routes: readonly ApiRoute[] = [
    get('/api/info', 'Store and settings of this dashboard', infoReply, () => ({
      version,
      engine: reader.engine,
      examples: reader.examples(),
      nowMs: context.nowMs(),
      hasServices: watch.reply.state?.source !== 'none',
    })),
    post(
      '/api/measures',
      'Measures with rows in a range',
      { request: measuresRequest, reply: measuresReply },
      (input, signal) => readMeasures(reader, input, signal),
    ),
    post(
      '/api/values',
      'Values of a dimension',
      { request: valuesRequest, reply: valuesReply },
      (input, signal) => readValues(context, input, signal),
    ),
    post(
      '/api/search',
      'Values of all dimensions',
      { request: searchRequest, reply: searchReply },
      (input, signal) => searchValues(context, input, signal),
    ),
    post(
      '/api/points',
      'Points of a measure, binned',
      { request: pointsRequest, reply: pointsReply },
      (input, signal) => readPoints(reader, input, signal),
    ),
    post(
      '/api/windows',
      'Windows of a view',
      { request: windowsRequest, reply: windowsReply },
      (input, signal) => readWindows(reader, input, signal),
    ),
    post(
      '/api/corrections',
      'Corrections by late points',
      { request: correctionsRequest, reply: correctionsReply },
      (input, signal) => readCorrections(reader, input, signal),
    ),
    post(
      '/api/query',
      'Run a statement that reads',
      { request: queryRequest, reply: queryReply },
      ({ statement, rowsMax }, signal) => reader.query(statement, { rowsMax, signal }),
    ),
    post(
      '/api/dead-letters',
      'Dead letters',
      { request: deadLettersRequest, reply: deadLettersReply },
      (input) => readDeadLetters(config.HW_DEAD_LETTERS_DIR, input),
    ),
    get('/api/pipeline', 'State of the services', pipelineReply, () => watch.reply),
    get('/api/openapi.json', 'This description', openApiReply, () => openApiDocument(routes)),
  ];
  return routes;
}

type Answer<Reply extends z.ZodType> = Immutable<z.output<Reply>>;

function get<Reply extends z.ZodType>(
  path: string,
  summary: string,
  reply: Reply,
  answer: () => Answer<Reply>,
): ApiRoute {
  return { method: 'GET', path, summary, reply, answer };
}

function post<Request extends z.ZodType, Reply extends z.ZodType>(
  path: string,
  summary: string,
  { request, reply }: { readonly request: Request; readonly reply: Reply },
  answer: (input: z.output<Request>, signal: AbortSignal) => Promise<Answer<Reply>>,
): ApiRoute {
  return {
    method: 'POST',
    path,
    summary,
    request,
    reply,
    answer: (input, signal) => answer(input as z.output<Request>, signal),
  };
}
