import { cutText, HighwaterError, type ErrorDomain, type ErrorRetry } from '@highwater/model';

/** The service's own exceptions, and the HTTP status each is answered with. */
const statuses = {
  ValidationException: 400,
  QueryExecutionException: 400,
  SerializationException: 400,
  ServiceQuotaExceededException: 402,
  AccessDeniedException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  InvalidSignatureException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  RequestTimeoutException: 408,
  ConflictException: 409,
  RequestEntityTooLargeException: 413,
  RejectedRecordsException: 419,
  MisdirectedRequestException: 421,
  ThrottlingException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
} as const;

export type ApiErrorName = keyof typeof statuses;

/** Where real answers keep an exception's name; clients that compare `__type` whole see the same. */
const namespaces = {
  service: 'com.amazonaws.timestream.v20181101',
  model: 'com.amazon.coral.validate',
  protocol: 'com.amazon.coral.service',
} as const;

/** Limit of a message that quotes a statement, because a statement has up to 256 KB. */
const messageCharactersMax = 8192;

/** Details of an error besides its name and message. */
export interface ApiErrorOptions extends ErrorOptions {
  /** `model`: the request breaks the published model; `protocol`: it is not even a request. */
  readonly namespace?: keyof typeof namespaces | undefined;
  /** The message contains less than its cause, which the log must contain. */
  readonly isVague?: boolean | undefined;
  /** Further members of the answer, e.g. `RejectedRecords`. */
  readonly members?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer other than success, as the service would give it. */
export class ApiError extends HighwaterError {
  override readonly name: ApiErrorName;
  readonly code = 'HW_TIMESTREAM_LOCAL_API';
  readonly domain: ErrorDomain;
  readonly retry: ErrorRetry;
  readonly status: number;
  readonly type: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly isVague: boolean;

  constructor(name: ApiErrorName, message: string, options: ApiErrorOptions = {}) {
    super(cutText(message, messageCharactersMax), options);
    this.name = name;
    this.status = statuses[name];
    this.domain = this.status >= 500 ? 'internal' : 'user';
    this.retry = this.status >= 500 || this.status === 429 ? 'backoff' : 'never';
    this.type = `${namespaces[options.namespace ?? 'service']}#${name}`;
    this.members = options.members ?? {};
    this.isVague = options.isVague ?? false;
  }
}
