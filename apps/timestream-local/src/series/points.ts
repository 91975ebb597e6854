import { Times } from './times.ts';

/** A timeseries of doubles, sorted by time. */
export interface Series {
  readonly times: Times;
  readonly values: Float64Array;
}

/** Times and values of a series; in a mask, 1 means NULL. */
export interface Points {
  readonly timesNs: BigInt64Array;
  readonly timeNulls?: Uint8Array | undefined;
  readonly values: Float64Array;
  readonly valueNulls?: Uint8Array | undefined;
}

/** Times to interpolate at; in the mask, 1 means NULL. */
export interface WantedTimes {
  readonly times: Times;
  readonly nulls?: Uint8Array | undefined;
}

/** A series of the points that are not NULL: an interpolation leaves some. */
export function seriesOf({ timesNs, timeNulls, values, valueNulls }: Points): Series {
  if (!timeNulls && !valueNulls) return { times: new Times(timesNs), values };
  const isPresent = (_: unknown, at: number) => !timeNulls?.[at] && !valueNulls?.[at];
  return { times: new Times(timesNs.filter(isPresent)), values: values.filter(isPresent) };
}
