import type { TestedFile } from './test-file.ts';

/** One line a test, with what differs below it. */
export function renderResults(results: TestedFile['results']): string {
  const lines = results.flatMap(({ name, differences }) => [
    `${differences.length === 0 ? '✓' : '✗'} ${name}`,
    ...differences.map((line) => `    ${line}`),
  ]);
  return `${lines.join('\n')}\n`;
}
