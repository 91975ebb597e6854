import { HighwaterError } from '@highwater/model';

/** Why a body was not read: a closed set. */
export type BodyProblem = 'too_large' | 'too_slow' | 'no_room' | 'broken_off';

const statuses = { too_large: 413, too_slow: 408, no_room: 503, broken_off: 499 } as const;

/** The body of a request could not be read to its end. */
export class BodyError extends HighwaterError {
  override readonly name = 'BodyError';
  readonly code = 'HW_SERVICE_BODY';
  readonly domain = 'user';
  readonly retry: 'never' | 'backoff';
  readonly problem: BodyProblem;
  /** The HTTP status. For `broken_off`, nobody is left to receive it. */
  readonly statusCode: 413 | 408 | 503 | 499;

  constructor(
    problem: BodyProblem,
    { bytesMax = 0, bytes }: { readonly bytesMax?: number; readonly bytes?: number },
  ) {
    const size = bytes === undefined ? '' : ` of ${bytes} bytes`;
    super(
      {
        too_large: `Request body${size} exceeds the limit of ${bytesMax} bytes.`,
        too_slow: 'The request body did not arrive in time. Send the request again.',
        no_room:
          'The server has not enough memory for the request body now. Send the request again in a moment.',
        broken_off: 'The client disconnected before the request body was complete.',
      }[problem],
    );
    this.problem = problem;
    this.retry = problem === 'too_large' ? 'never' : 'backoff';
    this.statusCode = statuses[problem];
  }
}
