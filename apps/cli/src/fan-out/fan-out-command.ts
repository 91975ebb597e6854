import {
  createSdkKinesisApi,
  KinesisError,
  kinesisConfig,
  type FanOutApi,
} from '@highwater/kinesis';
import { HighwaterError } from '@highwater/model';
import { ConfigError, loadConfig } from '@highwater/service';
import { Command, Option } from 'commander';

interface Options {
  readonly stream: string;
  readonly region?: string;
  readonly endpoint?: string;
}

/**
 * `highwater fan-out`: the consumers that are registered with a stream, and billed while they are
 * registered.
 */
export function fanOutCommand(): Command {
  return new Command('fan-out')
    .description(
      'Lists and removes consumers that are registered with a stream for enhanced fan-out.',
    )
    .addCommand(
      subcommand('list', 'Lists the consumers of a stream.').action(
        async (options: Options, command: Command) => {
          await withApi(options, command, (api) => listConsumers(api, options.stream));
        },
      ),
    )
    .addCommand(
      subcommand(
        'deregister',
        'Removes a consumer. A service that still uses it registers it again.',
      )
        .argument('<consumer>', 'name of the consumer, such as highwater-aggregator')
        .action(async (name: string, options: Options, command: Command) => {
          await withApi(options, command, (api) => deregisterConsumer(api, options.stream, name));
        }),
    );
}

/** One line per consumer, with a header. */
export async function listConsumers(api: FanOutApi, stream: string): Promise<readonly string[]> {
  const consumers = await api.listConsumers(stream);
  if (consumers.length === 0) return [`No consumer is registered with ${stream}.`];
  const head = 'CONSUMER';
  const width = Math.max(head.length, ...consumers.map(({ consumerName: name }) => name.length));
  return [
    `${head.padEnd(width)}  STATUS`,
    ...consumers.map(({ consumerName, status }) => `${consumerName.padEnd(width)}  ${status}`),
  ];
}

/** @throws {NoSuchConsumerError} when the stream has none with this name */
export async function deregisterConsumer(
  api: FanOutApi,
  stream: string,
  name: string,
): Promise<readonly string[]> {
  const consumers = await api.listConsumers(stream);
  const found = consumers.find(({ consumerName }) => consumerName === name);
  if (!found)
    throw new NoSuchConsumerError(
      stream,
      name,
      consumers.map((each) => each.consumerName),
    );
  await api.deregisterConsumer(found.consumerArn);
  return [`Deregistered ${name} from ${stream}.`];
}

/** The name is not one of the stream's consumers. */
export class NoSuchConsumerError extends HighwaterError {
  override readonly name = 'NoSuchConsumerError';
  readonly code = 'HW_CLI_NO_SUCH_CONSUMER';
  readonly domain = 'user';
  readonly retry = 'never';

  constructor(stream: string, name: string, known: readonly string[]) {
    const there =
      known.length > 0
        ? `its consumers are ${known.join(', ')}`
        : 'no consumer is registered with it';
    super(`deregistering ${name}: ${stream} has no such consumer; ${there}`);
  }
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption('--stream <name>', 'name of the stream')
    .addOption(new Option('--region <name>', 'AWS region of the stream').env('AWS_REGION'))
    .addOption(
      new Option('--endpoint <url>', 'Kinesis server to use instead of AWS').env(
        'AWS_ENDPOINT_URL_KINESIS',
      ),
    );
}

async function withApi(
  { region, endpoint }: Options,
  command: Command,
  call: (api: FanOutApi) => Promise<readonly string[]>,
): Promise<void> {
  try {
    const given = { AWS_REGION: region, AWS_ENDPOINT_URL_KINESIS: endpoint };
    const config = loadConfig(kinesisConfig, given);
    using api = createSdkKinesisApi({
      region: config.AWS_REGION,
      endpoint: config.AWS_ENDPOINT_URL_KINESIS,
    });
    for (const line of await call(api)) process.stdout.write(`${line}\n`);
  } catch (error) {
    if (!(error instanceof HighwaterError)) throw error;
    command.error(error.message + adviceFor(error), {
      exitCode: error instanceof ConfigError ? 2 : 1,
    });
  }
}

function adviceFor(error: HighwaterError): string {
  const lacks = error instanceof KinesisError && error.exception === 'CredentialsProviderError';
  return lacks ? '; for the stack of `npm start`: --endpoint http://127.0.0.1:4567' : '';
}
