import { ApiError } from '../http/api-error.ts';
import type { IncomingDimensions } from '../store/incoming-record.ts';
import { checkColumnName } from './column-name.ts';
import type { WireDimension } from './wire-record.ts';

type Dimension = readonly [name: string, value: string];

/**
 * Checks dimensions one at a time and sorts them by name.
 *
 * @throws {ApiError} ValidationException for an invalid name of a dimension
 */
export function readDimensions(
  given: readonly WireDimension[] | null | undefined,
  isStrict: boolean,
): IncomingDimensions {
  if (!given || given.length === 0) return [];
  const dimensions: Dimension[] = [];
  for (const { Name, Value } of given) {
    const problem = checkColumnName(Name, 60);
    if (problem !== undefined) {
      throw new ApiError('ValidationException', `Invalid dimension name ${Name}: ${problem}.`);
    }
    // The service rejected this in 2020, but its current model sets no minimum.
    if (isStrict && Value === '') {
      throw new ApiError('ValidationException', `The dimension ${Name} has an empty value.`);
    }
    dimensions.push([Name, Value]);
  }
  return dimensions.toSorted(byName);
}

/**
 * Joins two sorted sets of dimensions to one.
 *
 * @throws {ApiError} ValidationException when a name is in them twice, or when there is none at all
 */
export function joinDimensions(
  common: IncomingDimensions,
  own: IncomingDimensions,
): IncomingDimensions {
  const all = own.length === 0 ? common : common.length === 0 ? own : merge(common, own);
  if (all.length === 0) {
    throw new ApiError('ValidationException', 'At least one dimension is required for a record.');
  }
  for (let at = 1; at < all.length; at += 1) {
    const name = all[at]?.[0];
    if (name === all[at - 1]?.[0]) {
      throw new ApiError(
        'ValidationException',
        `The dimension name ${name} is duplicated. Dimension names must be unique within a record.`,
      );
    }
  }
  return all;
}

function merge(a: IncomingDimensions, b: IncomingDimensions): IncomingDimensions {
  return [...a, ...b].toSorted(byName);
}

function byName([a]: Dimension, [b]: Dimension): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
