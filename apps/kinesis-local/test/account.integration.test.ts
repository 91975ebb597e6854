import {
  CreateStreamCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DescribeAccountSettingsCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  UpdateAccountSettingsCommand,
} from '@aws-sdk/client-kinesis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../src/index.ts';
import { clientOf } from './client.ts';

const StreamName = 'points';
const accountId = '123456789012';

/** A call of the Security Token Service, as SDKs make it. */
function callIdentity(url: string, action: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: `Action=${action}&Version=2011-06-15`,
  });
}

describe('GetCallerIdentity', () => {
  it('names the account on the port of the API', async () => {
    await using server = await startKinesisLocal({ port: 0, accountId });
    const reply = await callIdentity(server.url, 'GetCallerIdentity');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/xml');
    const withoutId = (await reply.text()).replace(/(<RequestId>)[0-9a-f-]{36}/, '$1').split('\n');
    expect(withoutId.map((line) => line.trim()).join('')).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
        '<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:root</Arn>' +
        '<UserId>123456789012</UserId><Account>123456789012</Account></GetCallerIdentityResult>' +
        '<ResponseMetadata><RequestId></RequestId></ResponseMetadata>' +
        '</GetCallerIdentityResponse>',
    );
  });

  it('is the only available action of its service', async () => {
    await using server = await startKinesisLocal({ port: 0 });
    const reply = await callIdentity(server.url, 'AssumeRole');
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('<Code>InvalidAction</Code>');
  });
});

describe('the settings of the account', () => {
  it('say that there is no commitment, and accept none', async () => {
    await using server = await startKinesisLocal({ port: 0 });
    const kinesis = clientOf(server.url);
    const none = { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } } as const;
    expect(await kinesis.send(new DescribeAccountSettingsCommand({}))).toMatchObject(none);
    expect(await kinesis.send(new UpdateAccountSettingsCommand(none))).toMatchObject(none);
    await expect(
      kinesis.send(
        new UpdateAccountSettingsCommand({
          MinimumThroughputBillingCommitment: { Status: 'ENABLED' },
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
    kinesis.destroy();
  });
});

describe('a resource policy', () => {
  it('survives a restart, and is deleted with its stream', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'kinesis-local-'));
    const stream = { StreamName, ShardCount: 1 };
    const policy = '{"Statement":[]}';
    const arns: string[] = [];
    {
      await using server = await startKinesisLocal({ port: 0, dataDirectory });
      const kinesis = clientOf(server.url);
      await kinesis.send(new CreateStreamCommand(stream));
      const { arn } = server.account.stream(StreamName);
      const { Consumer } = await kinesis.send(
        new RegisterStreamConsumerCommand({ StreamARN: arn, ConsumerName: 'reader' }),
      );
      arns.push(arn, Consumer?.ConsumerARN ?? '');
      for (const ResourceARN of arns) {
        await kinesis.send(new PutResourcePolicyCommand({ ResourceARN, Policy: policy }));
      }
      kinesis.destroy();
    }
    {
      await using server = await startKinesisLocal({ port: 0, dataDirectory });
      const kinesis = clientOf(server.url);
      const policyOf = async (ResourceARN: string | undefined) =>
        (await kinesis.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy;
      expect(await Promise.all(arns.map(policyOf))).toEqual([policy, policy]);
      await kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
      await kinesis.send(new CreateStreamCommand(stream));
      expect(await policyOf(arns[0])).toBe('{}');
      await expect(
        kinesis.send(new DeleteResourcePolicyCommand({ ResourceARN: arns[0] })),
      ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      kinesis.destroy();
    }
    await rm(dataDirectory, { recursive: true });
  });
});
