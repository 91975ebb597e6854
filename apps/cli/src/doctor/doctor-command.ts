import { ConfigError, describeConfig, readSettings, systemClock } from '@highwater/service';
import { Argument, Command } from 'commander';
import { styleText } from 'node:util';
import { doctorConfig } from './doctor-config.ts';
import { examine } from './examine.ts';
import { localSettings } from './local-settings.ts';
import { renderFindings, type Paint } from './render-findings.ts';
import { serviceNames, type ServiceName } from './service-needs.ts';

interface DoctorOptions {
  readonly local?: true;
  readonly store?: string;
}

const byDefault: readonly ServiceName[] = [
  'aggregator',
  'raw-writer',
  'upsert-writer',
  'dashboard',
];
const colours = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
/** Plain if standard output is not a terminal, or if NO_COLOR is set. */
const paint: Paint = (verdict, text) =>
  styleText(colours[verdict], text, { stream: process.stdout });

/**
 * `highwater doctor`: checks that the resources of the services are in place. Exits with 1 when
 * something is missing.
 */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Checks that the resources and permissions the services need are in place, and explains how to fix any that are missing. Changes nothing.',
    )
    .addArgument(
      new Argument('[services...]', `services to check; default ${byDefault.join(' ')}`).choices(
        serviceNames,
      ),
    )
    .option('--local', 'use the servers of `npm start` where no AWS_ENDPOINT_URL_… variable is set')
    .option(
      '--store <store>',
      'the store of `npm start`, as in its --store: timestream, postgres (its address is read from HW_DATA_DIR), or a URL. Used where HW_STORE is not set. Implies --local.',
    )
    .addHelpText('after', () => `\nSettings, as the services read them:\n\n${settings()}`)
    .action(async (services: ServiceName[], options: DoctorOptions, command: Command) => {
      try {
        const config = readSettings(doctorConfig, await localSettings(options));
        const chosen = services.length > 0 ? services : byDefault;
        const findings = await examine(config, chosen, systemClock);
        for (const line of renderFindings(findings, paint)) process.stdout.write(`${line}\n`);
        const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
        if (failed > 0) {
          const checks = failed === 1 ? '1 check' : `${failed} checks`;
          command.error(`highwater doctor: ${checks} failed`, { exitCode: 1 });
        }
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        command.error(error.message, { exitCode: 2 });
      }
    });
}

function settings(): string {
  return describeConfig(doctorConfig);
}
