// Requests and replies of the page: one schema each for the server, the page's types, and the docs.
export {
  correctionsReply,
  type Correction,
  type CorrectionsReply,
} from './contract/corrections-reply.ts';
export {
  deadLettersReply,
  keptLetter,
  type DeadLetterView,
  type DeadLettersReply,
} from './contract/dead-letters-reply.ts';
export { errorReply, type ErrorReply } from './contract/error-reply.ts';
export {
  measuresReply,
  pointsReply,
  searchReply,
  valuesReply,
  windowsReply,
  type MeasureInfo,
  type MeasuresReply,
  type PointGroup,
  type PointsReply,
  type SearchReply,
  type ValuesReply,
  type WindowRow,
  type WindowsReply,
} from './contract/explore-replies.ts';
export type { Immutable } from './contract/immutable.ts';
export { infoReply, type InfoReply } from './contract/info-reply.ts';
export { liveEvents, type LiveEvents, type LiveTick } from './contract/live-events.ts';
export {
  pipelineReply,
  type EdgeState,
  type InstanceState,
  type PipelineReply,
  type PipelineSample,
  type PipelineState,
  type ShardState,
} from './contract/pipeline-reply.ts';
export { queryReply, type QueryReply } from './contract/query-reply.ts';
export {
  correctionsRequest,
  deadLettersRequest,
  measuresRequest,
  pointsRequest,
  queryRequest,
  searchRequest,
  valuesRequest,
  windowsRequest,
  type CorrectionsRequest,
  type DeadLettersRequest,
  type PointsRequest,
  type QueryRequest,
  type RangeRequest,
  type SearchRequest,
  type ValuesRequest,
  type WindowsRequest,
} from './contract/requests.ts';
