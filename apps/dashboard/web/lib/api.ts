import type { ErrorReply } from '../../src/contract.ts';

/** The API rejected the request, or did not answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor({ message, line, column }: Omit<ErrorReply['error'], 'code'>) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Calls the API. An outdated request is aborted by its signal. */
export async function ask<Reply>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<Reply> {
  const response = await fetch(`/api/${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError({ message: 'The dashboard does not answer. Check that it is running.' });
  });
  const reply: unknown = await response.json().catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError({
      message: `The dashboard returned status ${response.status} without JSON. Is another server or a proxy answering on its address?`,
    });
  });
  if (response.ok) return reply as Reply;
  const { error } = reply as Partial<ErrorReply>;
  throw new ApiError(error ?? { message: `The dashboard returned status ${response.status}.` });
}
