export const dayNs = '86400000000000';

/** The remainder above the next lower multiple, also below zero. */
export function remainder(value: string, multiple: number | bigint): string {
  return `((${value} % ${multiple} + ${multiple}) % ${multiple})`;
}

/** The next lower multiple. */
export function floorTo(value: string, multiple: number | bigint): string {
  return `(${value} - ${remainder(value, multiple)})`;
}

/** DuckDB's timestamp of a point in time, without the nanoseconds below the microsecond. */
export function duckTimestamp(timeNs: string): string {
  return `make_timestamp(${floorTo(timeNs, 1000)} // 1000)`;
}

/** SQL for the nanoseconds since the epoch of a DuckDB timestamp, which counts microseconds. */
export function nanosecondsFromDuck(timestamp: string): string {
  return `(epoch_us(${timestamp}) * 1000)`;
}

/** The day of a point in time. */
export function toDate(timeNs: string): string {
  return `CAST(DATE '1970-01-01' + CAST(${floorTo(timeNs, 86_400_000_000_000n)} // ${dayNs} AS INTEGER) AS DATE)`;
}
