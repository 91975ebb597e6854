import { HighwaterError } from '@highwater/model';
import type { BodyError } from '@highwater/service/front-door';

/** Why a request never became a call: a closed set. */
export type CallProblem =
  'foreign_host' | 'from_a_page' | BodyError['problem'] | 'unknown_operation' | 'unreadable';

/** A request never became a call. Each service has its own name and status for each problem. */
export class CallRefusal extends HighwaterError {
  override readonly name = 'CallRefusal';
  readonly code = 'HW_AWS_JSON_REFUSAL';
  readonly domain = 'user';
  readonly retry: 'never' | 'backoff';
  readonly problem: CallProblem;

  constructor(problem: CallProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
    this.retry = problem === 'too_slow' || problem === 'no_room' ? 'backoff' : 'never';
  }
}
