import { viewsJsonSchema } from '@highwater/windowing';
import { Command } from 'commander';
import { checkFile } from './check-file.ts';
import { testFile } from './trial/test-file.ts';
import type { TestedFile } from './trial/test-file.ts';

/** `highwater views`: for people who write views. */
export function viewsCommand(): Command {
  const views = new Command('views').description('Checks and tests views files.');
  views
    .command('check')
    .description('Lists each problem of a views file with its line and column.')
    .argument('<file>', 'path of the views file')
    .action(async (file: string, _, command: Command) => {
      const { views: read, problems } = await checkFile(file);
      if (problems.length > 0) {
        const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
        command.error(`${problems.join('\n')}\n${count} in ${file}`, { exitCode: 2 });
      }
      const names = read.map(({ name, revision }) => `  ${name} revision ${revision}\n`).join('');
      process.stdout.write(`${file} is valid:\n${names}`);
    });
  views
    .command('test')
    .description(
      'Runs points through views on simulated time and compares the rows with the expected ones.',
    )
    .argument('<file>', 'path of the tests file')
    .action(async (file: string, _, command: Command) => {
      const { problems, results } = await testFile(file);
      if (problems.length > 0) command.error(problems.join('\n'), { exitCode: 2 });
      process.stdout.write(renderResults(results));
      const failed = results.filter(({ differences }) => differences.length > 0).length;
      if (failed > 0) command.error(`${failed} of ${results.length} tests failed`, { exitCode: 1 });
    });
  views
    .command('schema')
    .description('Prints the JSON Schema of a views file, for editors.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(viewsJsonSchema(), null, 2)}\n`);
    });
  return views;
}

/** One line per test, with the differences below it. */
function renderResults(results: TestedFile['results']): string {
  const lines = results.flatMap(({ name, differences }) => [
    `${differences.length === 0 ? '✓' : '✗'} ${name}`,
    ...differences.map((line) => `    ${line}`),
  ]);
  return `${lines.join('\n')}\n`;
}
