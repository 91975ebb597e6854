import { PortTakenError, type ListenTarget } from './errors.ts';
import { portHolder } from './port-holder.ts';

/**
 * Turns an error of `listen` into an error that a person can act on. Returns any error except a
 * taken port unchanged.
 */
export async function explainListenError(error: unknown, target: ListenTarget): Promise<unknown> {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!isTaken) return error;
  return new PortTakenError(target, await portHolder(target.port), { cause: error });
}
