import type { Clock } from '@highwater/model';
import type { FaultPlan } from '@highwater/kinesis-engine/faults';
import type { KinesisAccount } from '@highwater/kinesis-engine';
import type { KinesisLocalMetrics } from '../metrics.ts';
import { readRequest, type Member } from '../request/member.ts';
import type { WireFormat } from '../wire/wire-formats.ts';

/** Dependencies of an operation. */
export interface OperationContext {
  readonly account: KinesisAccount;
  readonly clock: Clock;
  readonly wire: WireFormat;
  /**
   * Aborts when the client disconnects. Created on demand, because most operations never need it.
   */
  readonly clientGone: () => AbortSignal;
  /** The faults of the call; undefined when there are none. */
  readonly plan: FaultPlan | undefined;
  readonly metrics: KinesisLocalMetrics;
}

/**
 * One operation of the API: from a decoded body to the value to encode; undefined means no body.
 */
export type Operation = (body: unknown, context: OperationContext) => Promise<unknown>;

export type Operations = Readonly<Record<string, Operation>>;

/** Combines the members of a request with its handler. */
export function operation<T>(
  input: Member<T>,
  handle: (request: NonNullable<T>, context: OperationContext) => unknown,
): Operation {
  return async (body, context) => handle(readRequest(input, body, context.wire), context);
}
