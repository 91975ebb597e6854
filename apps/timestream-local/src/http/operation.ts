/** A request's or an answer's JSON members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** An answer that is JSON already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * The service that a shared operation was called on, and the server's address as the client sees
 * it.
 */
export interface RequestContext {
  readonly userAgent: string;
  /** The `Host` header: the address that the client used. */
  readonly hostHeader: string;
  /** Whether the client is connected by TLS. */
  readonly isSecure: boolean;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/**
 * One operation of the API.
 *
 * @throws {ApiError} for every answer other than success
 */
export type Operation = (input: JsonObject, context: RequestContext) => Promise<object> | object;

/** Operation name, as in `X-Amz-Target`, -> its handler. */
export type Operations = Readonly<Record<string, Operation>>;
