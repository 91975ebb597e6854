import { afterEach, describe, expect, it, vi } from 'vitest';
import { fanOutCommand } from '../../src/fan-out/fan-out-command.ts';
import { runCommand } from '../run-command.ts';
import { startScriptedAws } from '../scripted-aws.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/points';
const script = {
  DescribeStreamSummary: {
    StreamDescriptionSummary: {
      StreamName: 'points',
      StreamARN: streamArn,
      StreamStatus: 'ACTIVE',
      RetentionPeriodHours: 24,
      OpenShardCount: 1,
      StreamCreationTimestamp: 1_700_000_000,
      EnhancedMonitoring: [],
    },
  },
  ListStreamConsumers: {
    Consumers: [
      {
        ConsumerName: 'reader',
        ConsumerARN: `${streamArn}/consumer/reader:1`,
        ConsumerStatus: 'ACTIVE',
        ConsumerCreationTimestamp: 1_700_000_000,
      },
    ],
  },
  DeregisterStreamConsumer: {},
};

describe('highwater fan-out', () => {
  it('lists and deregisters at the named server', async () => {
    await using aws = await startScriptedAws(script);
    const at = ['--stream', 'points', '--endpoint', aws.url];
    expect(await runCommand(fanOutCommand(), 'list', ...at)).toEqual({
      exitCode: 0,
      out: 'CONSUMER  STATUS\nreader    ACTIVE\n',
      err: '',
    });
    const gone = await runCommand(fanOutCommand(), 'deregister', 'reader', ...at);
    expect(gone).toMatchObject({ exitCode: 0, out: 'Deregistered reader from points.\n' });
    expect(aws.operations).toContain('DeregisterStreamConsumer');
  });

  it('exits with 1 for an unknown consumer, and deregisters none', async () => {
    await using aws = await startScriptedAws(script);
    const at = ['--stream', 'points', '--endpoint', aws.url];
    const { exitCode, err } = await runCommand(fanOutCommand(), 'deregister', 'writer', ...at);
    expect(err).toContain('its consumers are reader');
    expect(exitCode).toBe(1);
    expect(aws.operations).not.toContain('DeregisterStreamConsumer');
  });

  it('exits with 2 for an invalid address', async () => {
    const at = ['--stream', 'points', '--endpoint', 'ftp://nowhere'];
    const { exitCode, err } = await runCommand(fanOutCommand(), 'list', ...at);
    expect(err).toContain('AWS_ENDPOINT_URL_KINESIS');
    expect(exitCode).toBe(2);
  });

  it('names the local stack when there are no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', undefined);
    const { exitCode, err } = await runCommand(fanOutCommand(), 'list', '--stream', 'points');
    expect(err).toContain('for the stack of `npm start`: --endpoint http://127.0.0.1:4567');
    expect(exitCode).toBe(1);
  });
});
