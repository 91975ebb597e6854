import {
  consumerStatus,
  ServiceException,
  type ConsumerState,
  type MemoryStream,
} from '@highwater/kinesis-engine';
import {
  consumerArn,
  consumerName,
  nextToken,
  streamArn,
  tags,
} from '../request/common-members.ts';
import { integer, required, structure, time } from '../request/member.ts';
import { decodeToken, encodeToken } from '../request/page-token.ts';
import { operation, type OperationContext, type Operations } from './operation.ts';

const register = operation(
  structure({
    StreamARN: required(streamArn),
    ConsumerName: required(consumerName),
    Tags: tags,
  }),
  async (request, context) => {
    const stream = context.account.streamByArn(request.StreamARN);
    const consumer = await context.account.registerConsumer(stream, {
      consumerName: request.ConsumerName,
      tags: request.Tags ?? new Map(),
    });
    return { Consumer: describeConsumer(consumer, context) };
  },
);

const reference = structure({
  StreamARN: streamArn,
  ConsumerName: consumerName,
  ConsumerARN: consumerArn,
});

const describe = operation(reference, (request, context) => {
  const { stream, consumer } = findConsumer(request, context);
  return {
    ConsumerDescription: {
      ...describeConsumer(consumer, context),
      StreamARN: stream.arn,
    },
  };
});

const deregister = operation(reference, async (request, context) => {
  const { stream, consumer } = findConsumer(request, context);
  await context.account.deregisterConsumer(stream, consumer);
});

const list = operation(
  structure({
    StreamARN: required(streamArn),
    NextToken: nextToken,
    MaxResults: integer(1, 10_000),
    StreamCreationTimestamp: time,
  }),
  (request, context) => {
    const nowMs = context.clock.nowMs();
    const { NextToken, MaxResults = 100 } = request;
    const after = NextToken === undefined ? '' : String(decodeToken(NextToken, nowMs)['after']);
    const stream = context.account.streamByArn(request.StreamARN);
    const rest = [...stream.consumers.values()]
      .filter((consumer) => consumer.consumerName > after)
      .toSorted((a, b) => (a.consumerName < b.consumerName ? -1 : 1));
    const page = rest.slice(0, MaxResults);
    const last = page.at(-1)?.consumerName;
    return {
      Consumers: page.map((consumer) => describeConsumer(consumer, context)),
      NextToken: rest.length > page.length ? encodeToken({ after: last }, nowMs) : undefined,
    };
  },
);

/** The consumer that a request names: by its ARN, or by its stream's ARN and its name. */
function findConsumer(
  request: {
    readonly StreamARN?: string | undefined;
    readonly ConsumerName?: string | undefined;
    readonly ConsumerARN?: string | undefined;
  },
  { account }: OperationContext,
): { readonly stream: MemoryStream; readonly consumer: ConsumerState } {
  const { StreamARN, ConsumerName, ConsumerARN } = request;
  if (ConsumerARN !== undefined) {
    const found = account.consumerByArn(ConsumerARN);
    const isOther =
      (StreamARN !== undefined && StreamARN !== found.stream.arn) ||
      (ConsumerName !== undefined && ConsumerName !== found.consumer.consumerName);
    if (!isOther) return found;
    throw new ServiceException(
      'InvalidArgumentException',
      'ConsumerARN, StreamARN and ConsumerName name different consumers.',
    );
  }
  if (StreamARN === undefined || ConsumerName === undefined) {
    throw new ServiceException(
      'InvalidArgumentException',
      'Either ConsumerARN, or StreamARN and ConsumerName should be provided.',
    );
  }
  const stream = account.streamByArn(StreamARN);
  const consumer = stream.consumers.get(ConsumerName);
  if (consumer !== undefined) return { stream, consumer };
  throw new ServiceException(
    'ResourceNotFoundException',
    `Consumer ${ConsumerName} of stream ${stream.streamName} under account ${account.accountId} not found.`,
  );
}

function describeConsumer(consumer: ConsumerState, { clock, wire }: OperationContext): object {
  return {
    ConsumerName: consumer.consumerName,
    ConsumerARN: consumer.consumerArn,
    ConsumerStatus: consumerStatus(consumer, clock.nowMs()),
    ConsumerCreationTimestamp: wire.time(consumer.createdMs),
  };
}

export const consumerOperations: Operations = {
  DeregisterStreamConsumer: deregister,
  DescribeStreamConsumer: describe,
  ListStreamConsumers: list,
  RegisterStreamConsumer: register,
};
