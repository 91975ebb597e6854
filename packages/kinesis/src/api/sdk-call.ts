import { KinesisError } from '../errors.ts';

/**
 * Makes one call of the SDK, and converts its errors.
 *
 * @throws {KinesisError} named as the service names it; the signal's reason when it aborts
 */
export async function call<Reply>(
  operation: string,
  signal: AbortSignal | undefined,
  send: (options: { abortSignal?: AbortSignal }) => Promise<Reply>,
): Promise<Reply> {
  try {
    return await send(signal === undefined ? {} : { abortSignal: signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw kinesisErrorOf(operation, cause);
  }
}

/** The error of the SDK, named by the service's exception name or the network's error code. */
export function kinesisErrorOf(operation: string, cause: unknown): KinesisError {
  const { name, message, code } = cause as Error & { code?: string };
  return new KinesisError(operation, code ?? name, message, { cause });
}
