import type { CallProblem } from '@highwater/aws-json';

/**
 * How Kinesis answers a request that never became a call. SDKs retry timeouts and unavailable
 * services.
 */
export const refusals: Readonly<
  Record<CallProblem, { readonly status: number; readonly type: string }>
> = {
  foreign_host: { status: 421, type: 'MisdirectedRequestException' },
  from_a_page: { status: 403, type: 'AccessDeniedException' },
  too_large: { status: 400, type: 'SerializationException' },
  too_slow: { status: 408, type: 'RequestTimeoutException' },
  no_room: { status: 503, type: 'ServiceUnavailable' },
  // Nobody is left to receive it, so it is only for the metrics.
  broken_off: { status: 499, type: 'gone' },
  unknown_operation: { status: 400, type: 'UnknownOperationException' },
  unreadable: { status: 400, type: 'SerializationException' },
};
