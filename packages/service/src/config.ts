import {
  describeSetting,
  renamedSettings,
  settings,
  type Config,
  type ConfigShape,
} from '@highwater/settings';
import { z } from 'zod';
import { ConfigError } from './errors.ts';
import { nearestName } from './nearest-name.ts';
import { redact } from './redact.ts';

/** The environment, or any map of names to texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and validates the whole configuration of a service, once, before anything is opened.
 *
 * An empty variable counts as unset. Otherwise, a coerced number would read it as 0. A setting of
 * another program is ignored, because one environment may serve several. An `HW_` name that no
 * program has is rejected, because a misspelled name would otherwise be ignored silently. Names
 * without `HW_` (`AWS_…`) are not checked.
 *
 * @throws {ConfigError} naming every bad variable at once, not only the first
 */
export function loadConfig<S extends ConfigShape>(shape: S, env: Environment): Config<S> {
  const given = withoutEmpty(env);
  const parsed = z.object(shape).safeParse(given);
  const problems = [
    ...misspeltNames(shape, given),
    ...(parsed.error?.issues ?? []).map((issue) => describeIssue(issue, shape, given)),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data as Config<S>;
}

/** The settings of other programs that are set in an environment. An empty one counts as unset. */
export function settingsOfOthers(shape: ConfigShape, env: Environment): readonly string[] {
  return Object.keys(withoutEmpty(env)).filter(
    (name) =>
      !Object.hasOwn(shape, name) && name.startsWith('HW_') && Object.hasOwn(settings, name),
  );
}

function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, text]) => text !== ''));
}

/** The program's own names come first, so they win when two names are equally close. */
function misspeltNames(shape: ConfigShape, given: Environment): readonly string[] {
  const known = [...new Set([...Object.keys(shape), ...Object.keys(settings)])];
  return Object.keys(given)
    .filter((name) => name.startsWith('HW_') && !known.includes(name))
    .map((name) => {
      const renamed = Object.hasOwn(renamedSettings, name) ? renamedSettings[name] : undefined;
      if (renamed !== undefined)
        return `${name} is a setting of version 0.1: set ${renamed} instead`;
      const meant = nearestName(name, known);
      const fix =
        meant === undefined ? 'unset it, or see --help for all settings' : `did you mean ${meant}?`;
      return `${name} is not a setting of any program: ${fix}`;
    });
}

/** What zod says of a check without a message. */
const unexplained = 'Invalid input';

function describeIssue(issue: z.core.$ZodIssue, shape: ConfigShape, given: Environment): string {
  const [name = ''] = issue.path.map(String);
  const setting = shape[name];
  if (setting === undefined) return issue.message;
  const { meaning, values, fallback } = describeSetting(name, setting);
  const text = given[name];
  if (text === undefined) return `${name} is not set: ${meaning}`;
  const shown = JSON.stringify(redact(name, text));
  // A check of a setting's own says more than the kind of its values.
  if (issue.code === 'custom' && issue.message !== unexplained) {
    return `${name} is ${shown}: it ${issue.message}`;
  }
  const wanted = values === undefined ? issue.message : `must be ${values}`;
  const otherwise = fallback === undefined ? '' : `. Default: ${fallback}`;
  return `${name} is ${shown}: ${wanted}${otherwise}`;
}
