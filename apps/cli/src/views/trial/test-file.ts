import { schemaProblems } from '@highwater/windowing';
import { dirname, resolve } from 'node:path';
import { checkFile } from '../check-file.ts';
import { readYaml, renderProblems } from '../read-yaml.ts';
import { checkTrials } from './check-trial.ts';
import { compareTrial } from './compare-trial.ts';
import { runTrial } from './run-trial.ts';
import { trialFileSchema } from './trial-schema.ts';

/** The result of a test file. */
export interface TestedFile {
  /** `file:line:column: what is wrong`. If there are any, no test was run. */
  readonly problems: readonly string[];
  readonly results: readonly {
    readonly name: string;
    /** Differences between the result and the expectation; empty for a test that passed. */
    readonly differences: readonly string[];
  }[];
}

/** Runs the tests of a file with the views file that it names. */
export async function testFile(path: string): Promise<TestedFile> {
  const file = await readYaml(path);
  if (!file.isReadable) return { problems: renderProblems(path, file.problems), results: [] };
  const parsed = trialFileSchema.safeParse(file.content);
  const wrong = parsed.error ? file.locate(schemaProblems(parsed.error)) : [];
  if (!parsed.success) return { problems: renderProblems(path, wrong), results: [] };
  const { views, problems } = await checkFile(resolve(dirname(path), parsed.data.views));
  if (problems.length > 0) return { problems, results: [] };
  const further = file.locate(checkTrials(parsed.data, views));
  if (further.length > 0) return { problems: renderProblems(path, further), results: [] };
  const results = parsed.data.tests.map((trial) => ({
    name: trial.name,
    differences: compareTrial(trial, parsed.data, runTrial(trial, parsed.data, views)),
  }));
  return { problems: [], results };
}
