import {
  DeleteResourcePolicyCommand,
  DeregisterStreamConsumerCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import { api, type Law, type Subject } from './law.ts';
import { StreamFixture, until } from './stream-fixture.ts';

/** A policy that lets another account read. */
function policyFor(arn: string, action = 'kinesis:GetRecords'): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: action,
        Resource: arn,
      },
    ],
  });
}

async function policyOf({ client }: Subject, arn: string): Promise<string | undefined> {
  return (await client.send(new GetResourcePolicyCommand({ ResourceARN: arn }))).Policy;
}

/** Puts a policy, replaces it and deletes it. */
async function expectLifeOfPolicy(subject: Subject, arn: string): Promise<void> {
  const { client } = subject;
  for (const Policy of [policyFor(arn), policyFor(arn, 'kinesis:ListShards')]) {
    await client.send(new PutResourcePolicyCommand({ ResourceARN: arn, Policy }));
    expect(await policyOf(subject, arn)).toBe(Policy);
  }
  await client.send(new DeleteResourcePolicyCommand({ ResourceARN: arn }));
  // The answer for a resource without a policy is not documented.
  const left = await policyOf(subject, arn).catch(() => '');
  expect(left).not.toContain('Statement');
}

/** Rules for policies that give other accounts access. */
export const policyLaws: readonly Law[] = [
  {
    title: 'keeps the policy of a stream until it is deleted',
    source: api('PutResourcePolicy'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      await expectLifeOfPolicy(subject, stream.arn);
    },
  },
  {
    title: 'keeps the policy of a consumer apart from that of its stream',
    source: api('PutResourcePolicy'),
    hold: async (subject) => {
      const { client } = subject;
      const stream = await StreamFixture.create(subject);
      const Policy = policyFor(stream.arn);
      await client.send(new PutResourcePolicyCommand({ ResourceARN: stream.arn, Policy }));
      const { Consumer: { ConsumerARN = '' } = {} } = await client.send(
        new RegisterStreamConsumerCommand({ StreamARN: stream.arn, ConsumerName: 'reader' }),
      );
      await expectLifeOfPolicy(subject, ConsumerARN);
      expect(await policyOf(subject, stream.arn)).toBe(Policy);
      await client.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
      await until(
        () => policyOf(subject, ConsumerARN).catch(({ name }: Error) => name),
        (answer) => answer === 'ResourceNotFoundException',
      );
    },
  },
  {
    title: 'refuses a policy that is no JSON',
    source: api('PutResourcePolicy'),
    hold: async (subject) => {
      const { arn } = await StreamFixture.create(subject);
      await expect(
        subject.client.send(new PutResourcePolicyCommand({ ResourceARN: arn, Policy: '{' })),
      ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    },
  },
  {
    title: 'refuses a policy for a stream that does not exist',
    source: api('PutResourcePolicy'),
    hold: async (subject) => {
      const stream = await StreamFixture.create(subject);
      const arn = `${stream.arn}-not`;
      await expect(
        subject.client.send(
          new PutResourcePolicyCommand({ ResourceARN: arn, Policy: policyFor(arn) }),
        ),
      ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  },
];
