import type { z } from 'zod';

/** The settings of one program: environment variable name -> declaration. */
export type ConfigShape = Readonly<Record<string, z.ZodType>>;

/** The values of a program's settings. */
export type Config<S extends ConfigShape> = { readonly [K in keyof S]: z.output<S[K]> };
