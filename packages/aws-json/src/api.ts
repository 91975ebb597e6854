import type { Bodies } from '@highwater/service/front-door';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyFormat } from './body-format.ts';

/** One call of an operation, its body decoded. */
export interface Call<Format extends BodyFormat> {
  readonly name: string;
  readonly input: unknown;
  readonly format: Format;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is answered instead of success. */
export interface Failure {
  readonly status: number;
  /** The exception, as `__type` has it. */
  readonly type: string;
  readonly message: string;
  /** Further members of the answer. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** One answered request, for logs and metrics. */
export interface Answered {
  /** Of the API, or `unknown`. */
  readonly operation: string;
  /** 499 when the client broke off, so that nobody was answered. */
  readonly status: number;
  /** `ok`, `cut` (the connection was broken instead), or the type of the failure. */
  readonly outcome: string;
  /** From the headers of the request to the end of its body, ms. */
  readonly bodyMs: number;
  /** From the headers of the request to its answer, ms. */
  readonly durationMs: number;
  /** Whether the operation answered by itself, e.g. by a stream of events. */
  readonly isStream: boolean;
  /** What was thrown. */
  readonly error?: unknown;
}

/** A service that speaks the AWS JSON protocol: `POST /`, the operation in `X-Amz-Target`. */
export interface Api<Format extends BodyFormat, Operation> {
  /** What every target begins with, e.g. `Kinesis_20131202.`. */
  readonly targetPrefix: string;
  readonly operations: ReadonlyMap<string, Operation>;
  /** The format of a content type, without its parameters; absent for one that is not served. */
  readonly formatOf: (contentType: string) => Format | undefined;
  /** What a request of another content type is refused in. */
  readonly refusalFormat: Format;
  readonly bodyBytesMax: number;
  /** Names of the server besides those that no web site can have, in lower case. */
  readonly hostNames: readonly string[];
  /** The setting of these names, for messages. */
  readonly hostNamesSetting: string;
  readonly monotonicMs: () => number;
  /** Answers what is no call of this API, behind the same guard; absent when it is one. */
  readonly serveOther?: (
    request: IncomingMessage,
    response: ServerResponse,
    bodies: Bodies,
  ) => Promise<void> | undefined;
  /** Throws unless the request may be answered: before anything in its body is looked at. */
  readonly authorize?: ((request: IncomingMessage, body: Buffer) => Promise<void>) | undefined;
  /**
   * Does what a call asks for.
   *
   * @returns what to answer; undefined is an empty body. Ignored when it has sent an answer itself
   */
  readonly run: (operation: Operation, call: Call<Format>) => Promise<unknown>;
  /** What to answer for an error, `CallRefusal` among them; `cut` breaks the connection instead. */
  readonly explain: (
    error: unknown,
    at: { readonly operation: string; readonly response: ServerResponse },
  ) => Failure | 'cut';
  readonly onAnswered: (answered: Answered) => void;
}
