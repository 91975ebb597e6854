import type { z } from 'zod';
import type { ViewProblem } from './view-problem.ts';
import { checkRules } from './view-rules.ts';
import { viewsFileSchema } from './view-schema.ts';

/**
 * Finds all problems of a views file.
 *
 * @param content the parsed YAML or JSON
 * @returns in the order of the schema's fields, followed by invalid combinations of fields; empty for
 *   a file that `parseViews` accepts
 */
export function checkViews(content: unknown): readonly ViewProblem[] {
  const parsed = viewsFileSchema.safeParse(content);
  return [...(parsed.error ? schemaProblems(parsed.error) : []), ...checkRules(content)];
}

/** The problems that a schema found, each with its path. */
export function schemaProblems({ issues }: z.ZodError): readonly ViewProblem[] {
  return issues.flatMap(problemsOf);
}

function problemsOf(issue: z.core.$ZodIssue): readonly ViewProblem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known field' }));
  }
  // With `prefault` a wrong type would read as "expected object"; all messages name what is wanted.
  return [{ path, message: issue.message.replace(/^Invalid (input|option): /, '') }];
}
