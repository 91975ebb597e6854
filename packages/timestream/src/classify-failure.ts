import type { RejectedRecord } from '@aws-sdk/client-timestream-write';
import { rightsAdvice } from '@highwater/model';
import { TimestreamError } from './errors.ts';

/** Why a request is sent again. A closed set: a metrics label. */
export type RetryReason =
  | 'throttled'
  | 'throttled_magnetic'
  | 'server_error'
  | 'connection'
  | 'timeout'
  | 'endpoint_moved'
  | 'signature_expired';

/** The meaning of a failed call for its rows. */
export type Failure =
  /** The same request may succeed later. */
  | { readonly kind: 'retry'; readonly reason: RetryReason }
  /** Some rows were rejected; all others are stored. */
  | { readonly kind: 'rejects'; readonly rejects: readonly RejectedRecord[] }
  /** Nothing is stored because of at least one row, and the service does not say which one. */
  | { readonly kind: 'invalid'; readonly detail: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'exists' }
  /** No request can succeed until someone acts. */
  | { readonly kind: 'fatal' };

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly RejectedRecords?: readonly RejectedRecord[];
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** Sorts the errors of the SDK by how to handle them. */
export function classifyFailure(error: unknown): Failure {
  const { name = '', message = '', code, ...rest } = describe(error);
  switch (name) {
    case 'RejectedRecordsException':
      return rest.RejectedRecords?.length
        ? { kind: 'rejects', rejects: rest.RejectedRecords }
        : { kind: 'invalid', detail: message };
    case 'ValidationException':
      return { kind: 'invalid', detail: message };
    case 'ResourceNotFoundException':
      return { kind: 'missing' };
    case 'ConflictException':
      return { kind: 'exists' };
    case 'InvalidEndpointException':
      return { kind: 'retry', reason: 'endpoint_moved' };
    case 'ThrottlingException':
      return { kind: 'retry', reason: throttling(message) };
    case 'RequestExpired':
    case 'RequestTimeTooSkewed':
    case 'ExpiredTokenException':
      // The SDK learns the clock's skew, or new credentials, from the reply that reports the
      // problem.
      return { kind: 'retry', reason: 'signature_expired' };
    case 'TimeoutError':
      // Also the SDK's name for a connection that was reset.
      return { kind: 'retry', reason: code === 'ECONNRESET' ? 'connection' : 'timeout' };
    default:
      return byStatus(rest.$metadata?.httpStatusCode ?? rest.$response?.statusCode, code, message);
  }
}

/**
 * According to the service's advice, only throttling of the magnetic store calls for a lower rate.
 */
function throttling(message: string): RetryReason {
  return /magnetic/i.test(message) ? 'throttled_magnetic' : 'throttled';
}

/** Errors of sockets and name servers, and broken HTTP; not errors of TLS or wrong arguments. */
const networkCode = /^(E(?!RR_)|HPE_)/;

/** A reply without a known name (a proxy's page, a bare 503), or none at all. */
function byStatus(status: number | undefined, code: string | undefined, message: string): Failure {
  if (status === undefined) {
    return code && networkCode.test(code)
      ? { kind: 'retry', reason: 'connection' }
      : { kind: 'fatal' };
  }
  if (status >= 500) return { kind: 'retry', reason: 'server_error' };
  if (status === 429) return { kind: 'retry', reason: throttling(message) };
  if (status === 413) return { kind: 'invalid', detail: `HTTP 413: ${message}` };
  return { kind: 'fatal' };
}

/** The error as a caller of the store sees it: who must act, and whether waiting helps. */
export function asTimestreamError(action: string, error: unknown): TimestreamError {
  if (error instanceof TimestreamError) return error;
  const { name = 'Error', message = '', code, $metadata } = describe(error);
  const canRetry = classifyFailure(error).kind === 'retry';
  const isRefusal = ($metadata?.httpStatusCode ?? 0) >= 400 || name === 'CredentialsProviderError';
  return new TimestreamError(
    `${action}: ${code ?? name}: ${message}${rightsAdvice(name)}`,
    {
      domain: isRefusal && !canRetry ? 'user' : 'external',
      retry: canRetry ? 'backoff' : 'never',
      exception: code ?? name,
    },
    { cause: error },
  );
}

function describe(error: unknown): SdkError {
  return typeof error === 'object' && error !== null ? error : { message: String(error) };
}
