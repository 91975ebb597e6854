import { consumerConfig, kinesisConfig, openLeases } from '@highwater/kinesis';
import { HighwaterError } from '@highwater/model';
import { ConfigError, loadConfig, systemClock, systemRandom } from '@highwater/service';
import { Argument, Command, Option } from 'commander';
import { leaseTable } from './lease-table.ts';

/** Each is a flag. The default is the variable of the service. */
const settings = {
  region: 'AWS_REGION',
  leases: 'HW_LEASES',
  table: 'HW_LEASES_TABLE',
  endpoint: 'AWS_ENDPOINT_URL_DYNAMODB',
  stateDir: 'HW_STATE_DIR',
} as const;

type Options = { readonly stream?: string } & Partial<Record<keyof typeof settings, string>>;

/** `highwater leases`: who reads which shard, and how far. Changes nothing. */
export function leasesCommand(): Command {
  return new Command('leases')
    .description(
      'Shows the shards that a service reads, with their owners and checkpoints. Changes nothing.',
    )
    .addArgument(
      new Argument('<service>', 'service that reads the shards').choices([
        'aggregator',
        'raw-writer',
        'upsert-writer',
      ]),
    )
    .option(
      '--stream <name>',
      'stream that the service reads; default highwater-results for upsert-writer, highwater-raw for the others',
    )
    .addOption(new Option('--region <name>', 'AWS region of the lease table').env(settings.region))
    .addOption(
      new Option('--leases <kind>', 'where the leases are stored: directory or dynamodb').env(
        settings.leases,
      ),
    )
    .addOption(new Option('--table <name>', 'DynamoDB table of the leases').env(settings.table))
    .addOption(
      new Option('--endpoint <url>', 'DynamoDB server to use instead of AWS').env(
        settings.endpoint,
      ),
    )
    .addOption(
      new Option('--state-dir <path>', 'state directory of the service, with the leases in it').env(
        settings.stateDir,
      ),
    )
    .action(async (service: string, options: Options, command: Command) => {
      try {
        for (const line of await readTable(service, options)) process.stdout.write(`${line}\n`);
      } catch (error) {
        if (!(error instanceof HighwaterError)) throw error;
        const exitCode = error instanceof ConfigError ? 2 : 1;
        command.error(error.message, { exitCode });
      }
    });
}

async function readTable(service: string, options: Options): Promise<readonly string[]> {
  const { stream = defaultStream(service) } = options;
  const given = Object.entries(settings).map(([flag, name]) => [
    name,
    options[flag as keyof typeof settings],
  ]);
  const config = {
    ...loadConfig({ ...kinesisConfig, ...consumerConfig }, Object.fromEntries(given)),
    HW_LEASES_CREATE: false,
  };
  const { signal } = new AbortController();
  await using leases = await openLeases(
    { config, service, stream, clock: systemClock, random: systemRandom },
    signal,
  );
  const found = await leases.store.list();
  if (found.length === 0) return [`No shard of ${stream} has been read by ${service} yet.`];
  return leaseTable(found, systemClock.nowMs());
}

function defaultStream(service: string): string {
  return service === 'upsert-writer' ? 'highwater-results' : 'highwater-raw';
}
