import { version } from '@highwater/service';
import { Command } from 'commander';
import { viewsCommand } from './views/views-command.ts';

const program = new Command('highwater')
  .description('Looks after a Highwater deployment.')
  .version(version)
  .addCommand(viewsCommand());

await program.parseAsync();
