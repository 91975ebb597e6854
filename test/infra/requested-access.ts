import { filledIn, type Access } from './policies.ts';

/** A request to AWS as a gate sees it. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The key and the scope of a call's signature. */
export interface SignedScope {
  readonly accessKeyId: string;
  /** By the name in the signature: `kinesis`, `dynamodb`, `timestream`, `secretsmanager`, `s3`. */
  readonly service: string;
}

/** The members that name things, which are texts. */
type Members = Readonly<Record<string, string | undefined>>;

const arn = (service: string, rest: string) =>
  `arn:aws:${service}:${filledIn.region}:${filledIn.account}:${rest}`;

/** Reads whose key signed a request, and for which service. Does not verify the signature. */
export function signedScope({ headers }: AwsRequest): SignedScope | undefined {
  const credential = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
  const [, accessKeyId, service] = credential.exec(String(headers['authorization'])) ?? [];
  return accessKeyId !== undefined && service !== undefined ? { accessKeyId, service } : undefined;
}

/**
 * Names what requests take, as IAM does. It remembers of which stream an iterator is: the request
 * that uses one does not say it.
 */
export class RequestedAccess {
  readonly #streamOfIterator = new Map<string, string>();

  /**
   * @returns one access for each resource of the call
   * @throws for a call that the services have no reason to make
   */
  of({ service }: SignedScope, request: AwsRequest): readonly Access[] {
    switch (service) {
      case 'kinesis':
        return [this.#kinesis(operationOf(request), membersOf(request.body))];
      case 'dynamodb': {
        const resource = arn('dynamodb', `table/${membersOf(request.body)['TableName']}`);
        return [{ action: `dynamodb:${operationOf(request)}`, resource }];
      }
      case 'timestream':
        return timestream(operationOf(request), membersOf(request.body));
      case 'secretsmanager': {
        // With what Secrets Manager adds to a name.
        const resource = arn(service, `secret:${membersOf(request.body)['SecretId']}-AbCdEf`);
        return [{ action: `secretsmanager:${operationOf(request)}`, resource }];
      }
      case 's3':
        return [s3(request)];
      default:
        throw new Error(`a call to ${service}, which no service of ours makes`);
    }
  }

  /** Whether the reply to a call contains information that a later request lacks. */
  isOfInterest({ action }: Access): boolean {
    return action === 'kinesis:GetShardIterator' || action === 'kinesis:GetRecords';
  }

  /** Notes the iterator in a reply of interest. */
  learn({ resource }: Access, reply: Buffer): void {
    const { ShardIterator, NextShardIterator } = membersOf(reply);
    for (const iterator of [ShardIterator, NextShardIterator]) {
      if (iterator !== undefined) this.#streamOfIterator.set(iterator, resource);
    }
  }

  #kinesis(operation: string, members: Members): Access {
    const { StreamName, StreamARN, ConsumerARN, ShardIterator } = members;
    const named = StreamName === undefined ? undefined : arn('kinesis', `stream/${StreamName}`);
    const resource =
      ConsumerARN ?? StreamARN ?? named ?? this.#streamOfIterator.get(ShardIterator ?? '');
    if (resource === undefined) throw new Error(`${operation} names no stream`);
    return { action: `kinesis:${operation}`, resource };
  }
}

/** Permissions for a statement that is not a SELECT. */
const queryActions = [
  [/^\s*SHOW\s+MEASURES\b/i, 'ListMeasures'],
  [/^\s*DESCRIBE\b/i, 'DescribeTable'],
] as const;

function timestream(operation: string, members: Members): readonly Access[] {
  const table = (database: string | undefined, name: string | undefined) =>
    arn('timestream', `database/${database}/table/${name}`);
  switch (operation) {
    case 'DescribeEndpoints':
    case 'CancelQuery':
      return [{ action: `timestream:${operation}`, resource: '*' }];
    case 'CreateDatabase': {
      const resource = arn('timestream', `database/${members['DatabaseName']}`);
      return [{ action: 'timestream:CreateDatabase', resource }];
    }
    case 'Query': {
      const statement = members['QueryString'] ?? '';
      const [, action = 'Select'] = queryActions.find(([begin]) => begin.test(statement)) ?? [];
      const tables = statement.matchAll(/"([^"]+)"\s*\.\s*"([^"]+)"/g);
      return [...tables].map(([, database, name]) => ({
        action: `timestream:${action}`,
        resource: table(database, name),
      }));
    }
    default: {
      const { DatabaseName, TableName } = members;
      return [{ action: `timestream:${operation}`, resource: table(DatabaseName, TableName) }];
    }
  }
}

/** In the style with the bucket in the path. */
function s3({ method, url }: AwsRequest): Access {
  const actions: Readonly<Record<string, string>> = {
    GET: 's3:GetObject',
    PUT: 's3:PutObject',
    DELETE: 's3:DeleteObject',
  };
  const action = actions[method];
  if (action === undefined)
    throw new Error(`${method} ${url}, which no service of ours asks of S3`);
  return { action, resource: `arn:aws:s3:::${bucketAndKey(url)}` };
}

/**
 * Permission that S3 requires before it reports a missing object: listing. The key counts as the
 * prefix of that list.
 */
export function listAccessOf(url: string): Access {
  const [bucket = '', ...key] = bucketAndKey(url).split('/');
  const context = { 's3:prefix': key.join('/') };
  return { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context };
}

function bucketAndKey(url: string): string {
  return decodeURIComponent(new URL(url, 'https://s3').pathname.slice(1));
}

function operationOf({ headers }: AwsRequest): string {
  return String(headers['x-amz-target']).split('.').at(-1) ?? '';
}

function membersOf(body: Buffer): Members {
  return body.length === 0 ? {} : (JSON.parse(body.toString()) as Members);
}
