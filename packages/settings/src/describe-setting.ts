import { z } from 'zod';

/** A setting in words. */
export interface SettingText {
  /** What it is, and what happens when it is raised or lowered. */
  readonly meaning: string;
  /** The values that it accepts: `a whole number from 0 to 65535`. Absent for any text. */
  readonly values?: string | undefined;
  /** Absent if the setting has no default. */
  readonly fallback?: string | undefined;
  readonly isRequired: boolean;
}

/** What a declaration may carry besides its schema. */
interface Notes {
  /** The values in words, where the schema says it less well. */
  readonly values?: string;
  /** The default, where the program computes it. */
  readonly computedDefault?: string;
}

/** Puts a setting into words, from its declaration alone. */
export function describeSetting(name: string, setting: z.ZodType): SettingText {
  const unset = setting.safeParse(undefined);
  const { computedDefault } = (setting.meta() ?? {}) as Notes;
  return {
    meaning: setting.description ?? '',
    values: describeValues(setting),
    fallback: computedDefault ?? describeValue(name, unset.data),
    isRequired: !unset.success,
  };
}

type JsonSchema = z.core.JSONSchema.BaseSchema & Notes;

function describeValues(setting: z.ZodType): string | undefined {
  return inWords(z.toJSONSchema(setting, { unrepresentable: 'any' }));
}

function inWords(schema: JsonSchema): string | undefined {
  if (schema.values !== undefined) return schema.values;
  if (schema.anyOf) {
    return or(
      schema.anyOf.flatMap((each) => each.enum?.map(String) ?? inWords(each) ?? 'other text'),
    );
  }
  if (schema.enum) return or(schema.enum.map(String));
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'integer') return `a whole number${rangeOf(schema)}`;
  if (schema.type === 'number') return `a number${rangeOf(schema)}`;
  if (schema.format === 'date-time') return 'a time such as 2026-01-31T12:00:00Z';
  return lengthOf(schema);
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  // The greatest that a number holds exactly is no limit that anyone chose.
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (minimum !== undefined && most !== undefined) return ` from ${minimum} to ${most}`;
  if (minimum !== undefined) return `, ${minimum} or more`;
  return most === undefined ? '' : `, ${most} or less`;
}

function lengthOf({ minLength = 0, maxLength }: JsonSchema): string | undefined {
  if (maxLength !== undefined) return `${minLength} to ${maxLength} characters`;
  return minLength > 1 ? `${minLength} characters or more` : undefined;
}

function or(words: readonly string[]): string {
  if (words.length < 3) return words.join(' or ');
  return `${words.slice(0, -1).join(', ')}, or ${words.at(-1)}`;
}

function describeValue(name: string, value: unknown): string | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const unit = typeof value === 'number' ? largerUnit(name, value) : undefined;
  return unit === undefined ? text : `${text} (${unit})`;
}

const units = {
  MS: [
    ['min', 60_000],
    ['s', 1_000],
  ],
  BYTES: [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
  ],
} as const;

/** The same in the largest unit that keeps the number whole: `10 s`. */
function largerUnit(name: string, value: number): string | undefined {
  const [, kind] = /_(MS|BYTES)(_MAX)?$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  const found = units[kind as keyof typeof units].find(
    ([, size]) => value > 0 && value % size === 0,
  );
  return found && `${value / found[1]} ${found[0]}`;
}
