import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as kinesis from '@aws-sdk/client-kinesis';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as query from '@aws-sdk/client-timestream-query';
import * as write from '@aws-sdk/client-timestream-write';

/** What the SDK knows of a shape: its kind, …, the names of its members, and their shapes. */
type Shape = readonly [
  number,
  string,
  string,
  unknown,
  (readonly string[])?,
  (readonly unknown[])?,
];
type Client = Readonly<Record<string, unknown>>;

/** The services of the AWS CLI whose operations the installed SDK has. */
const clients: Readonly<Record<string, Client>> = {
  dynamodb,
  kinesis,
  s3api: s3,
  secretsmanager,
  'timestream-query': query,
  'timestream-write': write,
};

/** Commands of the AWS CLI that no installed client has, with their options, from its reference. */
const others: Readonly<Record<string, readonly string[]>> = {
  'configure set': ['profile'],
  'configure export-credentials': ['profile', 'format'],
  'ec2 authorize-security-group-ingress': ['group-id', 'protocol', 'port', 'source-group'],
  'ec2 create-security-group': ['group-name', 'description', 'query', 'output'],
  'ec2 delete-security-group': ['group-name'],
  'iam create-role': ['role-name', 'assume-role-policy-document'],
  'iam delete-role': ['role-name'],
  'iam delete-role-policy': ['role-name', 'policy-name'],
  'iam put-role-policy': ['role-name', 'policy-name', 'policy-document'],
  'rds create-db-instance': [
    'db-instance-identifier',
    'engine',
    'db-instance-class',
    'storage-type',
    'allocated-storage',
    'storage-encrypted',
    'backup-retention-period',
    'db-name',
    'master-username',
    'manage-master-user-password',
    'vpc-security-group-ids',
    'no-publicly-accessible',
  ],
  'rds delete-db-instance': [
    'db-instance-identifier',
    'skip-final-snapshot',
    'delete-automated-backups',
  ],
  'rds describe-db-clusters': ['db-cluster-identifier', 'query', 'output'],
  'rds describe-db-instances': ['db-instance-identifier', 'query', 'output'],
  'rds wait': ['db-instance-identifier'],
  's3 rb': ['force'],
  's3 rm': ['recursive'],
};
/** Options that every command has. */
const common = new Set([
  'cli-binary-format',
  'endpoint-url',
  'output',
  'profile',
  'query',
  'region',
]);

/** What is wrong with a call of the AWS CLI, in words: a command or an option that does not exist. */
export function problemsOfAwsCall(words: readonly string[]): readonly string[] {
  const [service = '', command = ''] = words;
  const names = [...words.entries()].flatMap(([index, word]) =>
    word.startsWith('--') ? [{ name: word.slice(2), value: words[index + 1] ?? '' }] : [],
  );
  const known = others[`${service} ${command}`];
  if (known !== undefined)
    return names.flatMap(({ name }) => (known.includes(name) ? [] : [`no option --${name}`]));
  const client = clients[service];
  const shape = client && inputOf(client, command);
  if (client === undefined || shape === undefined) return [`no command ${service} ${command}`];
  return names
    .filter(({ name }) => !common.has(name))
    .flatMap(({ name, value }) => problemsOfOption(shape, name, value));
}

function inputOf(client: Client, command: string): Shape | undefined {
  const operation = command.split('-').map(capitalized).join('');
  if (!Object.hasOwn(client, `${operation}Command`)) return undefined;
  return (client[`${operation}Input$`] ?? client[`${operation}Request$`]) as Shape | undefined;
}

/** `--stream-name` is the member `StreamName`; `A=1,B=2` are members of that member. */
function problemsOfOption(shape: Shape, option: string, value: string): readonly string[] {
  const members = shape[4] ?? [];
  const index = members.findIndex((name) => name.toLowerCase() === option.replaceAll('-', ''));
  if (index === -1) return [`no option --${option}`];
  // With traits or without.
  const [given] = [shape[5]?.[index]].flat();
  const inner = (typeof given === 'function' ? (given as () => Shape)() : given) as Shape;
  if (!/^\w+=/.test(value)) return [];
  return value
    .split(',')
    .map((part) => part.split('=')[0] ?? '')
    .filter((name) => !inner[4]?.includes(name))
    .map((name) => `no ${name} in --${option}`);
}

function capitalized(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
