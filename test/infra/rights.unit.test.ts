import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  allowing,
  filledIn,
  forStore,
  listed,
  readFilledPolicies,
  readPolicies,
  storeSids,
} from './policies.ts';

// Goal: a deployment with the documented permissions lacks none, has no unnecessary ones, and no
// role has another's. Method: the SDK commands that the code imports are its calls. Their actions
// are compared with the policies, and the policies with the table of the documentation. An
// evaluator checks the access of each role to each resource.

const root = fileURLToPath(new URL('../..', import.meta.url));

/** IAM's names for the services of the SDK's packages. */
const prefixes: Readonly<Record<string, string>> = {
  'client-kinesis': 'kinesis',
  'client-dynamodb': 'dynamodb',
  'client-s3': 's3',
  'client-timestream-write': 'timestream',
  'client-timestream-query': 'timestream',
  'client-secrets-manager': 'secretsmanager',
};
/** Commands whose action has another name. */
const renamed: Readonly<Record<string, string>> = { 'timestream:Query': 'timestream:Select' };
/** Actions that no command bears, and why they are needed. */
const implied: Readonly<Record<string, string>> = {
  'timestream:DescribeEndpoints': 'the SDK discovers the endpoint of every Timestream client',
  'timestream:ListMeasures': 'SHOW MEASURES, an example of the query page',
  'rds-db:connect':
    'a token is made without a call, and the database asks IAM whether it may be used',
  's3:ListBucket': 'without it S3 says of an object that is not there that it is forbidden',
};

const policies = readPolicies();
const statements = Object.entries(policies).flatMap(([role, policy]) =>
  policy.Statement.map((statement) => ({ role, ...statement })),
);
const sorted = (names: Iterable<string>) => [...new Set(names)].toSorted();

/** `kinesis:GetRecords` for each `GetRecordsCommand` that is imported from the SDK. */
function actionsOfCode(): readonly string[] {
  const sources = globSync('{packages,apps,infra}/**/src/**/*.ts', {
    cwd: root,
    exclude: (path) => /node_modules|\bdist$/.test(path),
  });
  return sources.flatMap((path) => actionsOf(readFileSync(`${root}/${path}`, 'utf8')));
}

function actionsOf(source: string): readonly string[] {
  const imports = source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/([\w-]+)'/g);
  return [...imports].flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/(?<!type )\b(\w+)Command\b/g)].map(([, command]) => {
      const action = `${prefixes[client] ?? client}:${command}`;
      return renamed[action] ?? action;
    }),
  );
}

/** The roles that may do something. */
function mayDo(action: string, resource: string, context?: Readonly<Record<string, string>>) {
  const access = { action, resource, ...(context && { context }) };
  return Object.entries(readFilledPolicies())
    .filter(([, policy]) => allowing(policy, access))
    .map(([role]) => role);
}

const { region, account, bucket, dbResource } = filledIn;
const stream = (name: string) => `arn:aws:kinesis:${region}:${account}:stream/${name}`;
const consumer = (name: string, service: string) =>
  `${stream(name)}/consumer/highwater-${service}:1763800000`;
const table = (name: string) =>
  `arn:aws:timestream:${region}:${account}:database/highwater/table/${name}`;
const secret = (name: string) =>
  `arn:aws:secretsmanager:${region}:${account}:secret:highwater/${name}-AbCdEf`;
const dbUser = (name: string, resource = dbResource) =>
  `arn:aws:rds-db:${region}:${account}:dbuser:${resource}/${name}`;
const getSecret = 'secretsmanager:GetSecretValue';
const connect = 'rds-db:connect';
const leases = (service: string) =>
  `arn:aws:dynamodb:${region}:${account}:table/highwater-${service}-leases`;
const snapshot = (service: string) => `arn:aws:s3:::${bucket}/highwater/${service}/any/shard/1`;

describe('the permissions on AWS', () => {
  it('are those of the calls in the code, no more and no fewer', () => {
    const needed = sorted([...actionsOfCode(), ...Object.keys(implied)]);
    expect(needed.length).toBeGreaterThan(20);
    expect(sorted(statements.flatMap(({ Action }) => listed(Action)))).toEqual(needed);
  });

  it('are given on resources of their own service', () => {
    for (const { Action, Resource } of statements) {
      for (const resource of listed(Resource).filter((each) => each !== '*')) {
        const service = resource.split(':')[2];
        expect(listed(Action).filter((action) => !action.startsWith(`${service}:`))).toEqual([]);
      }
    }
  });

  it('name each stream and table; wildcards are only used for names that cannot be known before', () => {
    const wild = statements.flatMap(({ role, Sid, Resource }) =>
      listed(Resource)
        .filter((resource) => /[*?]/.test(resource))
        .map((resource) => `${role} ${Sid} ${resource.split(/[:/]/).slice(-2).join(' ')}`),
    );
    expect(wild).toEqual([
      ...['raw-writer', 'aggregator', 'upsert-writer'].flatMap((service) => [
        // The number at the end is that of a registration.
        `${service} SubscribeByFanOut highwater-${service} *`,
        `${service} OwnSnapshots ${service} *`,
        // Endpoints and running queries have no names that a policy could give.
        // Secrets Manager ends the ARN of a secret with six characters of its own.
        ...(service === 'aggregator'
          ? []
          : [
              `${service} TimestreamEndpoints *`,
              `${service} StorePassword highwater writer-??????`,
            ]),
      ]),
      'dashboard TimestreamEndpoints *',
      'dashboard TimestreamCancel *',
      'dashboard StorePassword highwater reader-??????',
      'operator EndFanOut highwater-* *',
      'operator EndFanOut highwater-* *',
      'setup TimestreamEndpoints *',
      'setup StorePassword highwater writer-??????',
    ]);
  });

  it('begin with the name of the store in the statements that only one store needs', () => {
    const services = ['timestream', 'secretsmanager', 'rds-db'];
    const wrong = statements.filter(({ Sid, Action }) => {
      const prefix = storeSids.find((each) => Sid.startsWith(each));
      const service = services[storeSids.findIndex((each) => each === prefix)];
      return listed(Action).some((action) => {
        const [given = ''] = action.split(':');
        return service === undefined ? services.includes(given) : given !== service;
      });
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['put points', 'kinesis:PutRecords', stream('highwater-raw'), ['generator']],
    ['put partials', 'kinesis:PutRecords', stream('highwater-results'), ['aggregator']],
    ['read points', 'kinesis:GetRecords', stream('highwater-raw'), ['raw-writer', 'aggregator']],
    ['read partials', 'kinesis:GetRecords', stream('highwater-results'), ['upsert-writer']],
    ['put on a third stream', 'kinesis:PutRecords', stream('highwater-other'), []],
    ['write rows', 'timestream:WriteRecords', table('metrics'), ['raw-writer', 'upsert-writer']],
    ['write corrections', 'timestream:WriteRecords', table('corrections'), ['upsert-writer']],
    ['write a third table', 'timestream:WriteRecords', table('other'), []],
    ['query rows', 'timestream:Select', table('metrics'), ['dashboard']],
    ['list measures', 'timestream:ListMeasures', table('metrics'), ['dashboard']],
    ['list tables', 'timestream:ListTables', '*', []],
    ['read the password', getSecret, secret('writer'), ['raw-writer', 'upsert-writer', 'setup']],
    ['read the password of a reader', getSecret, secret('reader'), ['dashboard']],
    ['read a third secret', getSecret, secret('other'), []],
    // What `-??????` must not take for the six characters of Secrets Manager.
    ['read a secret of a longer name', getSecret, secret('writer-of-others'), []],
    ['connect', connect, dbUser('highwater'), ['raw-writer', 'upsert-writer', 'setup']],
    ['connect as a reader', connect, dbUser('highwater_reader'), ['dashboard']],
    ['connect as the administrator', connect, dbUser('postgres'), []],
    ['connect to another server', connect, dbUser('highwater', 'db-OTHER'), []],
    ['make streams', 'kinesis:CreateStream', stream('highwater-raw'), ['setup']],
    ['make tables', 'timestream:CreateTable', table('metrics'), ['setup']],
  ])('let only these %s', (_, action, resource, roles) => {
    expect(mayDo(action, resource)).toEqual(roles);
  });

  it.each([
    { service: 'raw-writer', read: 'highwater-raw', other: 'aggregator' },
    { service: 'aggregator', read: 'highwater-raw', other: 'upsert-writer' },
    { service: 'upsert-writer', read: 'highwater-results', other: 'raw-writer' },
  ])('give $service only its own leases, snapshots, and consumer', (given) => {
    const { service, read, other } = given;
    expect(mayDo('dynamodb:UpdateItem', leases(service))).toEqual([service]);
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']) {
      expect(mayDo(action, snapshot(service))).toEqual([service]);
    }
    expect(mayDo('kinesis:SubscribeToShard', consumer(read, service))).toEqual([service]);
    expect(mayDo('kinesis:SubscribeToShard', consumer(read, other))).not.toContain(service);
  });

  it('let a service list no snapshots but its own', () => {
    const list = (prefix: string) =>
      mayDo('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': prefix });
    expect(list('highwater/aggregator/highwater-raw/')).toEqual(['aggregator']);
    expect(list('highwater/')).toEqual([]);
    expect(list('highwater/aggregator-of-mine/')).toEqual([]);
    expect(mayDo('s3:ListBucket', `arn:aws:s3:::${bucket}`)).toEqual([]);
  });

  it('fit into the policy size limits of AWS', () => {
    // The smallest limit, that of an inline policy of a user, white space not counted.
    const lengths = Object.values(
      readFilledPolicies({ ...filledIn, region: 'ap-northeast-1', bucket: 'b'.repeat(63) }),
    ).flatMap((policy) => storeSids.map((store) => JSON.stringify(forStore(policy, store)).length));
    expect(Math.max(...lengths)).toBeLessThan(2_048);
  });

  it('are each described in the documentation', () => {
    const documented = readFileSync(`${root}/docs/aws.md`, 'utf8');
    const names = [...Object.keys(policies), ...statements.map(({ Sid }) => Sid)];
    const missing = sorted(names).filter((name) => !documented.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  it('of an import are found, whatever else it brings', () => {
    const source = `import {\n  PutRecordsCommand,\n  type GetRecordsCommandOutput,\n  KinesisClient,\n} from '@aws-sdk/client-kinesis';\nimport { QueryCommand } from '@aws-sdk/client-timestream-query';`;
    expect(actionsOf(source)).toEqual(['kinesis:PutRecords', 'timestream:Select']);
  });
});
