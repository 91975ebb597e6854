type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * Structured log. The message is a fixed, capitalised sentence with a period; variables are fields;
 * an error goes under `err`. Never a record's payload.
 */
export interface Logger {
  readonly trace: Log;
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}
