import { runCommand } from '@highwater/service';
import { localConfig, localFlags } from './config.ts';

await runCommand(
  {
    name: 'local',
    description:
      'Runs the whole pipeline on this machine, without an AWS account and without a network.',
    config: localConfig,
    flags: localFlags,
    startsOthers: true,
  },
  // Loaded on demand, because `--help` does not need it.
  async (context) => (await import('./run-local.ts')).runLocal(context),
);
