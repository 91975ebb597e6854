import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** As much of a policy of IAM as `infra/aws/rights.json` uses. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** The permissions of one of its statements. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringLike: Readonly<Record<string, string>> };
}

/** One action on one resource, with what conditions may ask for. */
export interface Access {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** Values of the file's placeholders in the tests. */
export const filledIn = {
  region: 'us-east-1',
  account: '000000000000',
  bucket: 'snapshots',
  dbResource: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
};

/**
 * What the `Sid` of a statement begins with that only some stores need. A deployment leaves out those of
 * the others.
 */
export const storeSids = ['Timestream', 'StorePassword', 'StoreToken'] as const;

const file = new URL('../../infra/aws/rights.json', import.meta.url);

/** The original policies of `infra/aws/rights.json`, by role. */
export function readPolicies(): Readonly<Record<string, Policy>> {
  return parse(readFileSync(file, 'utf8'));
}

/** The same for one region, account, bucket, and database server. */
export function readFilledPolicies(names = filledIn): Readonly<Record<string, Policy>> {
  const { region, account, bucket, dbResource } = names;
  return parse(
    readFileSync(file, 'utf8')
      .replaceAll('REGION', region)
      .replaceAll('ACCOUNT', account)
      .replaceAll('BUCKET', bucket)
      .replaceAll('DBRESOURCE', dbResource),
  );
}

/** A policy without the statements of stores that are not used. */
export function forStore(policy: Policy, kept: (typeof storeSids)[number]): Policy {
  const left = storeSids.filter((prefix) => prefix !== kept);
  const isKept = ({ Sid }: Statement) => !left.some((prefix) => Sid.startsWith(prefix));
  return { ...policy, Statement: policy.Statement.filter(isKept) };
}

/** One or several, as a policy may say it, as a list. */
export function listed(value: string | readonly string[]): readonly string[] {
  return [value].flat();
}

/**
 * The statement of a policy that allows something, by the subset of IAM's rules that these policies
 * use: statements that allow, `*` and `?`, and `StringLike`.
 *
 * @returns undefined when none does
 */
export function allowing(policy: Policy, access: Access): Statement | undefined {
  return policy.Statement.find(({ Action, Resource, Condition }) => {
    const { StringLike = {} } = Condition ?? {};
    return (
      listed(Action).some((pattern) => isLike(access.action, pattern)) &&
      listed(Resource).some((pattern) => isLike(access.resource, pattern)) &&
      Object.entries(StringLike).every(([key, pattern]) => isLike(access.context?.[key], pattern))
    );
  });
}

function isLike(value: string | undefined, pattern: string): boolean {
  if (value === undefined) return false;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}

/** Features that this evaluation does not support must not be in the file. */
function parse(text: string): Readonly<Record<string, Policy>> {
  const policies = JSON.parse(text) as Readonly<Record<string, Policy>>;
  const members = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);
  for (const statement of Object.values(policies).flatMap((policy) => policy.Statement)) {
    assert.equal(statement.Effect, 'Allow');
    assert.deepEqual(
      Object.keys(statement).filter((name) => !members.has(name)),
      [],
    );
    assert.deepEqual(Object.keys(statement.Condition ?? { StringLike: {} }), ['StringLike']);
  }
  return policies;
}
