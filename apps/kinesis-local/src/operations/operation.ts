import type { Clock } from '@highwater/model';
import type { FaultPlan } from '@highwater/kinesis-engine/faults';
import type { KinesisAccount } from '@highwater/kinesis-engine';
import type { KinesisLocalMetrics } from '../metrics.ts';
import { readRequest, type Member } from '../request/member.ts';
import type { WireFormat } from '../wire/wire-formats.ts';

/** What an operation works with. */
export interface OperationContext {
  readonly account: KinesisAccount;
  readonly clock: Clock;
  readonly wire: WireFormat;
  /** Aborts when the client is gone. Made on request, for most operations never ask. */
  readonly clientGone: () => AbortSignal;
  /** What is to go wrong; undefined when nothing is. */
  readonly plan: FaultPlan | undefined;
  readonly metrics: KinesisLocalMetrics;
}

/** One operation of the API: from a decoded body to the value to be encoded; undefined is no body. */
export type Operation = (body: unknown, context: OperationContext) => Promise<unknown>;

export type Operations = Readonly<Record<string, Operation>>;

/** Puts a request's members and what is done with them together. */
export function operation<T>(
  input: Member<T>,
  handle: (request: NonNullable<T>, context: OperationContext) => unknown,
): Operation {
  return async (body, context) => handle(readRequest(input, body, context.wire), context);
}
