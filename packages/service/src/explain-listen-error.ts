import { PortTakenError, type ListenTarget } from './errors.ts';
import { portHolder } from './port-holder.ts';

/**
 * Turns what `listen` threw into the error that a person can act on; anything but a taken port stays
 * as it is.
 */
export async function explainListenError(error: unknown, target: ListenTarget): Promise<unknown> {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!isTaken) return error;
  return new PortTakenError(target, await portHolder(target.port), { cause: error });
}
