import { checkViews, parseViews, type View } from '@highwater/windowing';
import { readYaml, renderProblems } from './read-yaml.ts';

/** The result of checking a views file. */
export interface CheckedFile {
  /** Empty when there are problems. */
  readonly views: readonly View[];
  /** `file:line:column: what is wrong`, in the order of the file. */
  readonly problems: readonly string[];
}

/** Reads a views file and finds every problem in it, each with its position. */
export async function checkFile(path: string): Promise<CheckedFile> {
  const file = await readYaml(path);
  const problems = file.isReadable
    ? [...file.problems, ...file.locate(checkViews(file.content))]
    : file.problems;
  if (problems.length > 0) return { views: [], problems: renderProblems(path, problems) };
  return { views: parseViews(file.content), problems: [] };
}
