import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// Goal: a deployment with the documented rights lacks none, and has none that nothing needs. Method:
// the commands of the SDK that the code imports are the calls it makes; their actions are compared
// with the policy, and the policy with the table of the documentation.

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What IAM calls the services of the SDK's packages. */
const prefixes: Readonly<Record<string, string>> = {
  'client-kinesis': 'kinesis',
  'client-dynamodb': 'dynamodb',
  'client-s3': 's3',
  'client-timestream-write': 'timestream',
  'client-timestream-query': 'timestream',
};
/** Commands whose action has another name. */
const renamed: Readonly<Record<string, string>> = { 'timestream:Query': 'timestream:Select' };
/** Actions that no command bears, and why they are needed. */
const implied: Readonly<Record<string, string>> = {
  'timestream:DescribeEndpoints': 'the SDK discovers the endpoint of every Timestream client',
  'timestream:ListMeasures': 'SHOW MEASURES, an example of the query page',
  's3:ListBucket': 'without it S3 says of an object that is not there that it is forbidden',
};

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const policy = JSON.parse(readFileSync(`${root}/infra/aws/rights.json`, 'utf8')) as {
  readonly Statement: readonly Statement[];
};
const listed = (value: string | readonly string[]) => [value].flat();
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

describe('the rights on AWS', () => {
  it('are those of the calls that the code makes, no more and no fewer', () => {
    const needed = sorted([...actionsOfCode(), ...Object.keys(implied)]);
    expect(needed.length).toBeGreaterThan(20);
    expect(sorted(policy.Statement.flatMap(({ Action }) => listed(Action)))).toEqual(needed);
  });

  it('are given on resources of their own service', () => {
    for (const { Action, Resource } of policy.Statement) {
      for (const resource of listed(Resource).filter((each) => each !== '*')) {
        const service = resource.split(':')[2];
        expect(listed(Action).filter((action) => !action.startsWith(`${service}:`))).toEqual([]);
      }
    }
  });

  it('are each told of in the documentation', () => {
    const documented = readFileSync(`${root}/docs/operating.md`, 'utf8');
    const missing = policy.Statement.filter(({ Sid }) => !documented.includes(`\`${Sid}\``));
    expect(missing.map(({ Sid }) => Sid)).toEqual([]);
  });

  it('of an import are found, whatever else it brings', () => {
    const source = `import {\n  PutRecordsCommand,\n  type GetRecordsCommandOutput,\n  KinesisClient,\n} from '@aws-sdk/client-kinesis';\nimport { QueryCommand } from '@aws-sdk/client-timestream-query';`;
    expect(actionsOf(source)).toEqual(['kinesis:PutRecords', 'timestream:Select']);
  });
});
