import { FunctionError } from './function-error.ts';

/** Units of a fixed length, in nanoseconds. */
export const fixedUnits: Readonly<Record<string, bigint>> = {
  nanosecond: 1n,
  microsecond: 1_000n,
  millisecond: 1_000_000n,
  second: 1_000_000_000n,
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
  day: 86_400_000_000_000n,
  week: 604_800_000_000_000n,
};

/** Units whose length depends on the date. */
export const calendarUnits: readonly string[] = ['month', 'quarter', 'year'];

/**
 * The unit that a text names.
 *
 * @param of the things counted in it, for the message
 * @throws {FunctionError} when the function does not know the unit, or it is not a constant
 */
export function unitOf(
  text: string | undefined,
  known: readonly string[],
  of = 'Timestamp',
): string {
  if (text === undefined) throw new FunctionError('the unit must be a text in quotes');
  const unit = text.toLowerCase();
  if (known.includes(unit)) return unit;
  throw new FunctionError(`'${text}' is not a valid ${of} field`);
}
