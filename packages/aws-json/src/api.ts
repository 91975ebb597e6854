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

/** The error that is answered instead of success. */
export interface Failure {
  readonly status: number;
  /** The exception, in the form of `__type`. */
  readonly type: string;
  readonly message: string;
  /** Further members of the answer. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** One answered request, for logs and metrics. */
export interface Answered {
  /** An operation of the API, or `unknown`. */
  readonly operation: string;
  /** 499 when the client disconnected, so that nobody received the answer. */
  readonly status: number;
  /** `ok`, `cut` (the connection was broken instead), or the type of the failure. */
  readonly outcome: string;
  /** From the headers of the request to the end of its body, ms. */
  readonly bodyMs: number;
  /** From the headers of the request to its answer, ms. */
  readonly durationMs: number;
  /** Whether the operation answered by itself, e.g. with a stream of events. */
  readonly isStream: boolean;
  /** The error that was thrown. */
  readonly error?: unknown;
}

/** A service that speaks the AWS JSON protocol: `POST /`, the operation in `X-Amz-Target`. */
export interface Api<Format extends BodyFormat, Operation> {
  /** The common prefix of every target, e.g. `Kinesis_20131202.`. */
  readonly targetPrefix: string;
  readonly operations: ReadonlyMap<string, Operation>;
  /** The format of a content type without its parameters; undefined when it is not supported. */
  readonly formatOf: (contentType: string) => Format | undefined;
  /** The format of the refusal when the content type is not supported. */
  readonly refusalFormat: Format;
  readonly bodyBytesMax: number;
  /** Names of the server in addition to the names that no website can have, in lower case. */
  readonly hostNames: readonly string[];
  /** The setting that lists these names, for messages. */
  readonly hostNamesSetting: string;
  readonly monotonicMs: () => number;
  /**
   * Answers a request that is not a call of this API, behind the same guard; undefined when it is
   * one.
   */
  readonly serveOther?: (
    request: IncomingMessage,
    response: ServerResponse,
    bodies: Bodies,
  ) => Promise<void> | undefined;
  /** Throws unless the request may be answered. Called before its body is inspected. */
  readonly authorize?: ((request: IncomingMessage, body: Buffer) => Promise<void>) | undefined;
  /**
   * Executes a call.
   *
   * @returns the answer; undefined is an empty body. Ignored when it has sent an answer itself
   */
  readonly run: (operation: Operation, call: Call<Format>) => Promise<unknown>;
  /** The answer for an error, such as `CallRefusal`; `cut` breaks the connection instead. */
  readonly explain: (
    error: unknown,
    at: { readonly operation: string; readonly response: ServerResponse },
  ) => Failure | 'cut';
  readonly onAnswered: (answered: Answered) => void;
}
