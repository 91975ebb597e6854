import {
  createSdkKinesisApi,
  type KinesisApi,
  type KinesisError,
  type StreamConsumer,
} from '@highwater/kinesis';
import type { LeaseUse } from './check-leases.ts';
import type { DoctorConfig } from './doctor-config.ts';
import { explainFailure } from './explain-failure.ts';
import type { Finding } from './finding.ts';

/**
 * An invalid name of a consumer. Registering it is rejected, but only once registering is
 * permitted.
 */
const noConsumerName = ' ';
/**
 * A shard that no stream has. Subscribing to it is rejected, and takes over nobody's subscription.
 */
const noShardId = 'shardId-999999999999';

/**
 * Checks whether a service can read its stream by enhanced fan-out. Registers nothing, because
 * consumers are billed while they are registered. Subscribes to nothing, because that would end the
 * subscription of a running worker.
 */
export async function checkFanOut(
  config: DoctorConfig,
  { service, stream }: LeaseUse,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const url = config.AWS_ENDPOINT_URL_KINESIS;
  using api = createSdkKinesisApi({ region: config.AWS_REGION, endpoint: url });
  const consumerName = consumerNameOf(config, service);
  const what = `consumer ${consumerName}`;
  let resource = `arn:aws:kinesis:${config.AWS_REGION}:*:stream/${stream}`;
  let action = 'kinesis:DescribeStreamSummary';
  try {
    const { arn } = await api.describe(stream, signal);
    resource = arn;
    action = 'kinesis:ListStreamConsumers';
    const consumers = await api.listConsumers(stream, signal);
    const found = consumers.find((consumer) => consumer.consumerName === consumerName);
    action = 'kinesis:RegisterStreamConsumer';
    if (!found) await registerNothing(api, stream, signal);
    // The number at the end identifies a registration. A policy must allow all future ones.
    resource = `${arn}/consumer/${consumerName}:*`;
    action = 'kinesis:SubscribeToShard';
    const consumerArn = found?.consumerArn ?? `${arn}/consumer/${consumerName}:0`;
    await subscribeToNothing(api, consumerArn, signal);
    return [found ? judge(what, stream, found) : unregistered(what, stream, consumerName, arn)];
  } catch (error) {
    const endpoint = { variable: 'AWS_ENDPOINT_URL_KINESIS', url };
    const ifMissing = `create it: aws kinesis create-stream --stream-name ${stream}`;
    return [explainFailure(error, { what, action, resource, endpoint, ifMissing })];
  }
}

/** Two services that read one stream with the same name would end each other's subscriptions. */
export function sharedConsumers(
  config: DoctorConfig,
  readers: readonly LeaseUse[],
): readonly Finding[] {
  const name = config.HW_KINESIS_CONSUMER_NAME;
  if (name === undefined) return [];
  const streams = [...new Set(readers.map(({ stream }) => stream))];
  return streams.flatMap((stream) => {
    const services = readers.filter((use) => use.stream === stream).map(({ service }) => service);
    if (services.length < 2) return [];
    const found = `HW_KINESIS_CONSUMER_NAME gives ${services.join(' and ')} the same consumer on ${stream}, but each service needs its own`;
    const fix =
      'unset HW_KINESIS_CONSUMER_NAME, or set a different one for each service and run doctor once per service';
    return [{ what: `consumer ${name}`, verdict: 'fail', found, fix }];
  });
}

function consumerNameOf(config: DoctorConfig, service: string): string {
  return config.HW_KINESIS_CONSUMER_NAME ?? `highwater-${service}`;
}

async function registerNothing(
  api: KinesisApi,
  stream: string,
  signal: AbortSignal,
): Promise<void> {
  await refused(api.registerConsumer(stream, noConsumerName, signal), [
    'ValidationException',
    'InvalidArgumentException',
  ]);
}

async function subscribeToNothing(
  api: KinesisApi,
  consumerArn: string,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const request = { consumerArn, shardId: noShardId, position: { type: 'LATEST' } } as const;
  try {
    await refused(api.subscribe(request, AbortSignal.any([signal, ended.signal])), [
      'ResourceNotFoundException',
      'InvalidArgumentException',
    ]);
  } finally {
    ended.abort();
  }
}

/**
 * Waits for a call that the service rejects because of its argument, which shows that the call is
 * permitted.
 */
async function refused(call: Promise<unknown>, exceptions: readonly string[]): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!exceptions.includes((error as KinesisError).exception)) throw error;
  }
}

function judge(what: string, stream: string, { status }: StreamConsumer): Finding {
  if (status === 'ACTIVE') {
    return {
      what,
      verdict: 'ok',
      found: `registered with ${stream}, and the service may subscribe to it`,
    };
  }
  const found = `registered with ${stream}, in status ${status}`;
  const fix =
    status === 'CREATING'
      ? 'wait until it is ACTIVE'
      : 'no action is needed; the service registers it again';
  return { what, verdict: 'warn', found, fix };
}

function unregistered(what: string, stream: string, name: string, arn: string): Finding {
  return {
    what,
    verdict: 'warn',
    found:
      `not registered with ${stream} yet; the service registers it when it starts. ` +
      'From then on, AWS bills it per shard and hour',
    fix:
      `no action is needed if the service has the permission kinesis:RegisterStreamConsumer on ${arn}; ` +
      `to stop the billing later, run: highwater fan-out deregister ${name} --stream ${stream}`,
  };
}
