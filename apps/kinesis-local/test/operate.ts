import { KinesisAccount, type KinesisAccountOptions } from '@highwater/kinesis-engine';
import { FaultPlan, SeededRandom, type FaultRates } from '@highwater/kinesis-engine/faults';
import { SimulatedClock } from '@highwater/testkit';
import { Registry } from 'prom-client';
import { defineKinesisLocalMetrics } from '../src/metrics.ts';
import { EventStream } from '../src/operations/event-stream.ts';
import { operations } from '../src/operations/operations.ts';
import { jsonFormat } from '../src/wire/wire-formats.ts';

/** The answer of an operation, as the client reads it. */
export type Reply = Readonly<Record<string, unknown>>;

/** The operations of an account in memory, on simulated time, without a socket. */
export function operate(options: KinesisAccountOptions = {}, rates?: FaultRates) {
  const clock = new SimulatedClock();
  const account = new KinesisAccount(clock, options);
  const registry = new Registry();
  const metrics = defineKinesisLocalMetrics(registry);
  const plan = rates && new FaultPlan(new SeededRandom('operate'), rates);
  const { signal } = new AbortController();
  const context = { account, clock, wire: jsonFormat, clientGone: () => signal, plan, metrics };
  /** @throws the error with which the operation is rejected */
  const call = async (name: string, body: object = {}): Promise<Reply> => {
    const operation = operations.get(name);
    if (operation === undefined) throw new Error(`${name} is not served`);
    const answer = await operation(body, context);
    if (answer instanceof EventStream || answer === undefined) return {};
    return JSON.parse(String(jsonFormat.encode(answer))) as Reply;
  };
  /** The exception and the message with which a call is rejected. */
  const refusal = async (name: string, body: object = {}): Promise<string> => {
    const answer = await call(name, body).catch((error: unknown) => error);
    if (!(answer instanceof Error)) throw new Error(`${name} was not refused`);
    const exception = 'exception' in answer ? String(answer.exception) : answer.name;
    return `${exception}: ${answer.message}`;
  };
  const create = (StreamName: string, more: object = { ShardCount: 1 }) =>
    call('CreateStream', { StreamName, ...more });
  const summaryOf = async (StreamName: string): Promise<Reply> => {
    const reply = await call('DescribeStreamSummary', { StreamName });
    return reply['StreamDescriptionSummary'] as Reply;
  };
  const arnOf = (name: string) => account.stream(name).arn;
  return { clock, account, registry, call, refusal, create, summaryOf, arnOf };
}
