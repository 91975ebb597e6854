import type { z } from 'zod';
import { redact } from './redact.ts';

/** Renders the settings for `--help`: name, meaning, default. The README section is this output. */
export function describeConfig(shape: Readonly<Record<string, z.ZodType>>): string {
  return Object.entries(shape)
    .map(([name, schema]) => `${name}\n    ${describeSetting(name, schema)}`)
    .join('\n');
}

/** One setting's meaning and default. */
export function describeSetting(name: string, schema: z.ZodType): string {
  const fallback = schema.safeParse(undefined);
  const note = fallback.success ? describeDefault(name, fallback.data) : 'required';
  return `${schema.description ?? '(undescribed)'} [${note}]`;
}

function describeDefault(name: string, value: unknown): string {
  if (value === undefined || value === '') return 'unset by default';
  const shown = redact(name, value);
  return `default ${typeof shown === 'string' ? shown : JSON.stringify(shown)}`;
}
