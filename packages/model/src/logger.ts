type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * Structured log. The message is a fixed, capitalized sentence with a period. Variables are fields,
 * and an error is under `err`. Never log a record's payload.
 */
export interface Logger {
  readonly trace: Log;
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}
