import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

/** A length of time in a views file, e.g. `10s` or `5m`; read as whole milliseconds. */
export const durationSchema = z
  .string()
  .regex(
    /^\d{1,12}(ms|s|m|h|d)$/,
    'must be a whole number and a unit (ms, s, m, h, or d), for example 10s',
  )
  .transform((text) => {
    const unit = /[a-z]+$/.exec(text)?.[0] as Unit;
    return Number.parseInt(text, 10) * unitMs[unit];
  });
