import type { z } from 'zod';

/** The same setting with another default, for a program that needs one. */
export function withDefault<T extends z.ZodType>(
  setting: z.ZodOptional<T> | z.ZodDefault<T>,
  value: z.util.NoUndefined<z.output<T>>,
): z.ZodDefault<T> {
  return setting
    .unwrap()
    .default(value)
    .meta(setting.meta() ?? {});
}
