import { viewsJsonSchema } from '@highwater/windowing';
import { Command } from 'commander';
import { checkFile } from './check-file.ts';

/** `highwater views`: for people who write views. */
export function viewsCommand(): Command {
  const views = new Command('views').description('Checks and tries views.');
  views
    .command('check')
    .description('Tells everything that is wrong with a views file; exits 2 if anything is.')
    .argument('<file>', 'YAML file of views')
    .action(async (file: string, _, command: Command) => {
      const { views: read, problems } = await checkFile(file);
      if (problems.length > 0) {
        const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
        command.error(`${problems.join('\n')}\n${count} in ${file}`, { exitCode: 2 });
      }
      const names = read.map(({ name, revision }) => `  ${name} revision ${revision}\n`).join('');
      process.stdout.write(`${file} is good:\n${names}`);
    });
  views
    .command('schema')
    .description('Prints the JSON Schema of views files, for editors.')
    .action(() => {
      process.stdout.write(`${JSON.stringify(viewsJsonSchema(), null, 2)}\n`);
    });
  return views;
}
