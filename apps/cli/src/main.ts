#!/usr/bin/env node
import { version } from '@highwater/service';
import { Command } from 'commander';
import { copyCommand } from './copy/copy-command.ts';
import { doctorCommand } from './doctor/doctor-command.ts';
import { fanOutCommand } from './fan-out/fan-out-command.ts';
import { leasesCommand } from './leases/leases-command.ts';
import { viewsCommand } from './views/views-command.ts';

const program = new Command('highwater')
  .description('Checks and inspects a Highwater deployment.')
  .version(version)
  .addCommand(copyCommand())
  .addCommand(doctorCommand())
  .addCommand(fanOutCommand())
  .addCommand(leasesCommand())
  .addCommand(viewsCommand());

await program.parseAsync();
