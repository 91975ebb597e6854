import type { FunctionDefinition } from './function-definition.ts';

/** Calendar functions. DuckDB knows the calendar to the microsecond, which is enough for its parts. */
export const dateFunctions: readonly FunctionDefinition[] = [];

/** DuckDB's timestamp of a point in time, without the nanoseconds below the microsecond. */
export function duckTimestamp(timeNs: string): string {
  return `make_timestamp((${timeNs} - ((${timeNs} % 1000 + 1000) % 1000)) // 1000)`;
}
