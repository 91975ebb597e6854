import type { RejectReason } from '@highwater/model';

/** Why a row is not sent. */
export interface Refusal {
  readonly reason: RejectReason;
  readonly detail: string;
}

/** Makes the refusal of a row that breaks a rule of the service. */
export function invalid(detail: string): Refusal {
  return { reason: 'invalid', detail };
}
