import ts from 'typescript';
import type { Finding } from '../finding.ts';
import { placeOf } from '../places.ts';
import type { Repository, SourceFile } from '../repository.ts';

const suffixes = [
  'unit',
  'sim',
  'integration',
  'browser',
  'site',
  'clients',
  'clickhouse',
  'compose',
  'soak',
];
const testName = new RegExp(`\\.(${suffixes.join('|')})\\.test\\.ts$`);
const looksLikeTest = /[.-](test|spec)\.tsx?$/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|tsx|mjs)$/;

/**
 * File names: kebab-case, and tests next to the code with a suffix that says what they may access.
 */
export function fileNames(repository: Repository): readonly Finding[] {
  return repository.sources.flatMap((file) => {
    const { path } = file;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const problems: string[] = [];
    if (!kebabCase.test(name)) problems.push(`file name ${name}: write it in kebab-case`);
    const isTest = looksLikeTest.test(name) || hasTests(file);
    if (isTest && !testName.test(name)) {
      problems.push(`test ${name}: end it in one of ${suffixes.join(', ')} and .test.ts`);
    }
    if (isTest && placeOf(path).kind === 'src') {
      problems.push(`test ${name}: move it from src to test`);
    }
    return problems.map((message) => ({ file: path, line: 1, message }));
  });
}

/** Whether the file itself contains tests. A contract that others call has them in a function. */
function hasTests(file: SourceFile): boolean {
  return file.syntax.statements.some(
    (statement) =>
      ts.isExpressionStatement(statement) && /^(describe|it|test)\b/.test(statement.getText()),
  );
}
