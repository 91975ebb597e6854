import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doctorCommand } from '../../src/doctor/doctor-command.ts';
import { runCommand } from '../run-command.ts';
import { streamIs } from './stream-is.ts';
import { startScriptedAws } from '../scripted-aws.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doctor-'));
  vi.stubEnv('HW_STATE_DIR', join(directory, 'state'));
  vi.stubEnv('HW_DEAD_LETTERS_DIR', join(directory, 'letters'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

describe('highwater doctor', () => {
  it('checks the named services, and exits with 0 when they can work', async () => {
    await using aws = await startScriptedAws(streamIs('CREATING'));
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', aws.url);
    const { exitCode, out } = await runCommand(doctorCommand(), 'generator');
    expect(out).toMatch(/^warn {2}stream highwater-raw/m);
    expect(out).not.toMatch(/leases|table|queries/);
    expect(exitCode).toBe(0);
  });

  it('exits with 1 when one cannot', async () => {
    await using aws = await startScriptedAws({});
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', aws.url);
    const { exitCode, out, err } = await runCommand(doctorCommand(), 'generator');
    expect(out).toMatch(/^fail {2}stream highwater-raw +kinesis:\w+ is not allowed$/m);
    expect(err).toMatch(/^highwater doctor: \d checks? failed$/m);
    expect(exitCode).toBe(1);
  });

  it('exits with 2 for a wrong setting, and contacts no server', async () => {
    await using aws = await startScriptedAws({});
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', aws.url);
    vi.stubEnv('HW_LEASES', 'paper');
    const { exitCode, err } = await runCommand(doctorCommand(), 'generator');
    expect(err).toContain('HW_LEASES');
    expect(exitCode).toBe(2);
    expect(aws.operations).toEqual([]);
  });

  it('knows no other services', async () => {
    const { exitCode, err } = await runCommand(doctorCommand(), 'postgres');
    expect(err).toContain("'postgres' is invalid");
    expect(exitCode).toBe(1);
  });

  it('checks the local stack with --local, except where the environment names a server', async () => {
    // Whether something listens there makes no difference, because it is named either way.
    expect((await runCommand(doctorCommand(), '--local', 'generator')).out).toContain(
      '127.0.0.1:4567',
    );
    await using aws = await startScriptedAws(streamIs('ACTIVE'));
    vi.stubEnv('AWS_ENDPOINT_URL_KINESIS', aws.url);
    const { exitCode, out } = await runCommand(doctorCommand(), '--local', 'generator');
    expect(out).not.toContain('127.0.0.1:4567');
    expect(exitCode).toBe(0);
  });
});
