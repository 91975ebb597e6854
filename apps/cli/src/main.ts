import { version } from '@highwater/service';
import { Command } from 'commander';
import { leasesCommand } from './leases/leases-command.ts';
import { viewsCommand } from './views/views-command.ts';

const program = new Command('highwater')
  .description('Looks after a Highwater deployment.')
  .version(version)
  .addCommand(leasesCommand())
  .addCommand(viewsCommand());

await program.parseAsync();
