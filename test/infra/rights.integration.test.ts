import { childEnvironment } from '@highwater/service';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';
import { startDynalite } from '../../packages/kinesis/test/dynalite.ts';
import { startScriptedS3, type ScriptedS3 } from '../../packages/kinesis/test/scripted-s3.ts';
import { localhostCertFile, localhostTls } from '../tls/localhost.ts';
import { startDatabase, type Database } from './database.ts';
import { startGate, type Gate } from './gate.ts';
import { filledIn, listed, readFilledPolicies, readPolicies } from './policies.ts';

// Goal: each service runs with the rights of its own role, needs all of them, and stops with any other
// role's, saying what it lacks. Method: the local servers behind a gate that answers as IAM does; the
// services as processes that sign what they send with the key of a role.

const roles = Object.keys(readPolicies());
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Rights that no run below uses, and when they are. */
const unusedHere: Readonly<Record<string, string>> = {
  TimestreamEndpoints: 'without an endpoint in its settings, the SDK asks AWS for one',
  StoreToken: 'no call is made for a token; the database asks IAM whether it may be used',
};

const views = `views:
  - name: seconds
    window: { tumbling: 2s }
    allowedLateness: 4s
    aggregates: [avg]
`;

const mains = {
  generator: 'apps/generator/src/main.ts',
  'raw-writer': 'apps/raw-writer/src/main.ts',
  aggregator: 'apps/aggregator/src/main.ts',
  'upsert-writer': 'apps/upsert-writer/src/main.ts',
  dashboard: 'apps/dashboard/src/main.ts',
  setup: 'infra/setup/main.ts',
} as const;
type Program = keyof typeof mains;
const readers = ['raw-writer', 'aggregator', 'upsert-writer'] as const;
const services = ['generator', ...readers, 'dashboard'] as const;
/** Services that need permissions to start. The dashboard needs none until somebody opens it. */
const starters = ['setup', 'generator', ...readers] as const;
const cli = 'apps/cli/src/main.ts';

const cleanUp = new AsyncDisposableStack();
let directory: string;
let gate: Gate;
let s3: ScriptedS3;
let database: Database;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'highwater-rights-'));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'views.yaml'), views);
  const kinesis = cleanUp.use(await startKinesisLocal({ port: 0, transitionMs: 5 }));
  const dynamo = cleanUp.use(await startDynalite());
  const timestream = cleanUp.use(await startTimestreamLocal({ port: 0 }));
  s3 = cleanUp.use(await startScriptedS3());
  database = cleanUp.use(await startDatabase());
  gate = cleanUp.use(
    await startGate({
      policies: readFilledPolicies(),
      targets: {
        kinesis: kinesis.url,
        dynamodb: dynamo.url,
        timestream: timestream.endpoint,
        s3: s3.url,
        secretsmanager: database.secretsUrl,
      },
      tls: localhostTls,
    }),
  );
  const made = await endOf(start('setup', 'setup'));
  assert.equal(made.code, 0, made.output);
});
afterAll(() => cleanUp.disposeAsync());

/** A program of ours that signs with the key of a role. */
function start(program: Program, role: string, settings: Readonly<Record<string, string>> = {}) {
  return run([mains[program]], role, settings);
}

function run(
  args: readonly string[],
  role: string,
  settings: Readonly<Record<string, string>> = {},
) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({
      AWS_REGION: filledIn.region,
      AWS_ACCESS_KEY_ID: role,
      AWS_SECRET_ACCESS_KEY: 'a-secret',
      AWS_ENDPOINT_URL_KINESIS: gate.url,
      AWS_ENDPOINT_URL_DYNAMODB: gate.url,
      AWS_ENDPOINT_URL_TIMESTREAM_WRITE: gate.url,
      AWS_ENDPOINT_URL_TIMESTREAM_QUERY: gate.url,
      AWS_ENDPOINT_URL_S3: gate.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: gate.url,
      NODE_EXTRA_CA_CERTS: localhostCertFile,
      NODE_COMPILE_CACHE: join(directory, 'compiled'),
      HW_HTTP_PORT: '0',
      HW_DASHBOARD_PORT: '0',
      HW_SHUTDOWN_TIMEOUT_MS: '120000',
      HW_LEASES: 'dynamodb',
      HW_LEASES_INTERVAL_MS: '500',
      HW_STATE_DIR: join(directory, 'state'),
      HW_STATE_S3_BUCKET: filledIn.bucket,
      HW_DEAD_LETTERS_DIR: join(directory, 'letters'),
      HW_VIEWS: join(directory, 'views.yaml'),
      HW_AGGREGATOR_OUT_OF_ORDERNESS_MS: '500',
      HW_KINESIS_READ_INTERVAL_MS: '100',
      HW_KINESIS_POLL_INTERVAL_MS: '200',
      HW_KINESIS_IDLE_AFTER_MS: '2000',
      HW_KINESIS_CHECKPOINT_INTERVAL_MS: '1000',
      HW_GENERATOR_RATE: '50',
      HW_GENERATOR_SERIES: '20',
      HW_GENERATOR_TIME_UNIT: 'MILLISECONDS',
      HW_GENERATOR_PERCENT_LATE: '20',
      HW_GENERATOR_LATE_TIME_SECONDS: '3',
      HW_SETUP_RAW_SHARDS: '1',
      HW_SETUP_RESULTS_SHARDS: '1',
      ...settings,
    }),
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let code: number | null | undefined;
  // All that it printed has arrived by then.
  const exited = once(child, 'close').then(([its]) => (code = its as number | null));
  return {
    output: () => output,
    code: () => code,
    exited,
    stop: () => child.kill('SIGTERM'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

type Running = ReturnType<typeof run>;

/** Asks the page for rows, once its log says where it is. */
async function query(page: Running, statement: string) {
  const serving = () =>
    page
      .output()
      .split('\n')
      .find((line) => line.includes('Serving the dashboard.') && line.endsWith('}'));
  await expect.poll(serving, { message: page.output() }).toBeDefined();
  const { host, port } = JSON.parse(serving() ?? '{}') as { host: string; port: number };
  const reply = await fetch(`http://${host}:${port}/api/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ statement, rowsMax: 10 }),
  });
  return { status: reply.status, text: await reply.text() };
}

async function rowsOf(page: Running, statement: string): Promise<number> {
  const { status, text } = await query(page, statement);
  expect([status, text]).toEqual([200, text]);
  return (JSON.parse(text) as { readonly rows: readonly unknown[] }).rows.length;
}

/** How a program ended, with what it printed, so that a test that fails shows it. */
async function endOf({ exited, output }: Running) {
  return { code: await exited, output: output() };
}

const points = 'SELECT * FROM "highwater"."metrics"';
const averages = `${points} WHERE measure_name LIKE 'avg%'`;
const corrections = 'SELECT * FROM "highwater"."corrections"';

describe('programs with the permissions of their own roles', () => {
  it('turn points into rows, and stop cleanly', async () => {
    await using page = start('dashboard', 'dashboard');
    await using generator = start('generator', 'generator');
    await using rawWriter = start('raw-writer', 'raw-writer');
    await using aggregator = start('aggregator', 'aggregator');
    await using upsertWriter = start('upsert-writer', 'upsert-writer');
    for (const statement of [averages, corrections]) {
      await expect.poll(() => rowsOf(page, statement)).toBeGreaterThan(0);
    }
    // More rows than the page asks for, so that it cancels the query.
    await expect.poll(() => rowsOf(page, points)).toBe(10);
    expect(await rowsOf(page, 'SHOW MEASURES FROM "highwater"."metrics"')).toBeGreaterThan(0);
    expect(await rowsOf(page, 'DESCRIBE "highwater"."metrics"')).toBeGreaterThan(0);
    const removals = () =>
      readers.filter((role) => !gate.used.has(`${role} OwnSnapshots s3:DeleteObject`));
    await expect.poll(removals).toEqual([]);
    for (const each of [generator, rawWriter, aggregator, upsertWriter, page]) {
      each.stop();
      expect(await endOf(each)).toMatchObject({ code: 0 });
    }
    expect(gate.refusals).toEqual([]);
    const places = [...s3.objects.keys()].map((key) => key.split('/').slice(1, 4).join('/'));
    expect([...new Set(places)].toSorted()).toEqual(
      readers.toSorted().map((service) => `snapshots/highwater/${service}`),
    );
  });

  it.each(readers.map((service) => ({ service })))(
    '$service reads by enhanced fan-out',
    async ({ service }) => {
      await using reader = start(service, service, { HW_KINESIS_READ: 'fan-out' });
      const subscribed = () =>
        gate.used.has(`${service} SubscribeByFanOut kinesis:SubscribeToShard`);
      await expect.poll(subscribed, { message: reader.output() }).toBe(true);
      reader.stop();
      expect(await endOf(reader)).toMatchObject({ code: 0 });
      expect(gate.refusals).toEqual([]);
    },
  );

  it.each(services.map((service) => ({ service })))(
    'find no problem in `doctor $service`',
    async ({ service }) => {
      const { code, output } = await endOf(run([cli, 'doctor', service], service));
      expect([code, output]).toEqual([0, expect.stringContaining(', 0 failed')]);
      expect(gate.refusals).toEqual([]);
    },
  );

  it('make tables in PostgreSQL, write to it, and query it, with the passwords of their secrets', async () => {
    const made = await endOf(start('setup', 'setup', database.writerSettings));
    expect(made).toMatchObject({ code: 0 });
    const checks = [
      ['raw-writer', database.writerSettings, 'can be written'],
      ['upsert-writer', database.writerSettings, 'can be written'],
      ['dashboard', database.readerSettings, 'PostgreSQL answered'],
    ] as const;
    for (const [service, settings, found] of checks) {
      const { code, output } = await endOf(run([cli, 'doctor', service], service, settings));
      expect([code, output]).toEqual([0, expect.stringContaining(found)]);
    }
    expect(gate.refusals).toEqual([]);
  });

  it('show leases to an operator, and deregister a consumer', async () => {
    const fanOut = (...args: readonly string[]) =>
      run([cli, 'fan-out', ...args, '--stream', 'highwater-raw'], 'operator');
    for (const program of [
      run([cli, 'leases', 'aggregator'], 'operator'),
      fanOut('list'),
      fanOut('deregister', 'highwater-aggregator'),
    ]) {
      expect(await endOf(program)).toMatchObject({ code: 0 });
    }
    expect(gate.refusals).toEqual([]);
  });

  it.each(readers.map((service) => ({ service })))(
    'tell $service that its snapshot is lost, and not that reading it is denied',
    async ({ service }) => {
      s3.objects.clear();
      const { code, output } = await endOf(start(service, service));
      expect([code, output]).toEqual([1, expect.stringContaining('the object does not exist')]);
    },
  );

  it('have used every permission of these roles by now', () => {
    const rights = Object.entries(readPolicies()).flatMap(([role, policy]) =>
      policy.Statement.filter(({ Sid }) => !(Sid in unusedHere)).flatMap(({ Sid, Action }) =>
        listed(Action).map((action) => `${role} ${Sid} ${action}`),
      ),
    );
    expect(rights.length).toBeGreaterThan(40);
    expect(rights.filter((right) => !gate.used.has(right))).toEqual([]);
  });
});

describe('a program with the permissions of another role', () => {
  const pairs = (programs: readonly Program[]) =>
    programs.flatMap((program) =>
      roles.filter((role) => role !== program).map((role) => ({ program, role })),
    );

  it.each(pairs(starters))(
    '$program as $role stops, and names the missing permission',
    async (pair) => {
      await using program = start(pair.program, pair.role);
      // The test stops a program that does not stop.
      await expect.poll(program.code).toBeDefined();
      expect([program.code(), program.output()]).toEqual([2, program.output()]);
      expect(lackedIn(program.output())).toMatch(accessText);
    },
  );

  it.each(pairs(['dashboard']))(
    '$program as $role names the missing permission',
    async ({ role }) => {
      await using page = start('dashboard', role);
      const { status, text } = await query(page, averages);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(lackedIn(text)).toMatch(accessText);
    },
  );
});

describe('the password of PostgreSQL', () => {
  it('is not for the reader of rows, who is told which secret', async () => {
    const doctor = run([cli, 'doctor', 'dashboard'], 'dashboard', database.writerSettings);
    const { code, output } = await endOf(doctor);
    expect(code).toBe(1);
    expect(lackedIn(output)).toMatch(/^secretsmanager:GetSecretValue .*:secret:highwater\/writer-/);
  });
});

const accessText = /^\w+:\w+ on resource: arn:aws:\w+:\S+$/;

/**
 * The denied action in an error, if it also mentions where the permissions are; otherwise the whole
 * error.
 */
function lackedIn(text: string): string {
  const said = /is not authorized to perform: (\S+ on resource: \S+).*infra\/aws\/rights\.json/;
  return said.exec(text)?.[1] ?? text;
}
