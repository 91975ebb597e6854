import { z } from 'zod';
import { isHostName } from './host-name.ts';

/** A whole number in decimal digits. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max?: number }) {
  const least = z.coerce.number().int().min(min);
  return max === undefined ? least : least.max(max);
}

export const percent = z.coerce.number().min(0).max(100);

export const seconds = z.coerce.number().min(0);

/** Port 0 is a free port that the system chooses. */
export const port = wholeNumber({ min: 0, max: 65_535 });

/** A name or a path. */
export const text = z.string().min(1);

export const flag = z.stringbool();

export const url = z.url({ protocol: /^https?$/ }).meta({ values: 'an http:// or https:// URL' });

/** A database or table of Timestream. */
export const timestreamName = z
  .string()
  .regex(/^[a-zA-Z0-9_.-]{3,256}$/)
  .meta({ values: '3 to 256 of a-z A-Z 0-9 _ . -' });

/** Host names separated by commas; read as a list, in lower case. */
export const hostNames = z
  .string()
  .default('')
  .transform((given) => given.split(',').map((each) => each.trim().toLowerCase()))
  .transform((names) => names.filter((each) => each !== ''))
  .refine((names) => names.every(isHostName))
  .meta({ values: 'host names without scheme, port, or path, separated by commas' });
