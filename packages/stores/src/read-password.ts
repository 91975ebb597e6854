import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Signer } from '@aws-sdk/rds-signer';
import { rightsAdvice, type Clock } from '@highwater/model';
import type { StoreAddress } from '@highwater/settings';
import { readFile } from 'node:fs/promises';
import { StoreConfigError } from './errors.ts';
import type { ReaderConfig } from './store-config.ts';

/** Gives the password for a new connection; undefined for a user without one. */
export type ReadPassword = () => Promise<string | undefined>;

type PasswordConfig = Pick<
  ReaderConfig,
  'AWS_REGION' | 'HW_STORE_PASSWORD' | 'HW_STORE_PASSWORD_FILE' | 'HW_STORE_PASSWORD_SECRET'
>;

/** What reading a password needs besides the settings. */
export interface PasswordPorts {
  /** What messages call the settings with: `HW_STORE` for `HW_STORE_PASSWORD`. */
  readonly prefix: string;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** ClickHouse asks for the password with each request, and each call of Secrets Manager costs. */
const secretMs = 60_000;

/**
 * Finds where the password of a store comes from. It is read anew for each connection, because files
 * and secrets are rotated, and tokens of IAM expire after 15 minutes. A secret that was read is kept
 * for a minute.
 *
 * @throws {StoreConfigError} when several sources are set, or one that the store does not use
 */
export function passwordOf(
  config: PasswordConfig,
  address: Exclude<StoreAddress, { engine: 'timestream' }>,
  { prefix, clock }: PasswordPorts,
): ReadPassword {
  const {
    HW_STORE_PASSWORD: text,
    HW_STORE_PASSWORD_FILE: file,
    HW_STORE_PASSWORD_SECRET: secretId,
    AWS_REGION: region,
  } = config;
  const isIam = address.engine === 'postgres' && address.auth === 'iam';
  const set = [
    ...(text === undefined ? [] : [`${prefix}_PASSWORD`]),
    ...(file === undefined ? [] : [`${prefix}_PASSWORD_FILE`]),
    ...(secretId === undefined ? [] : [`${prefix}_PASSWORD_SECRET`]),
    ...(isIam ? ['auth=iam in its URL'] : []),
  ];
  if (set.length > 1) {
    throw new StoreConfigError(
      `finding the password of the store: ${set.join(' and ')} are set, but only one may be`,
    );
  }
  if (isIam) {
    const signer = new Signer({
      region,
      hostname: address.host,
      port: address.port,
      username: address.user,
    });
    return () => signer.getAuthToken();
  }
  if (file !== undefined) return changeable(() => readPasswordFile(file, prefix));
  if (secretId !== undefined) {
    return changeable(kept(() => readSecret(secretId, region, prefix), clock));
  }
  return async () => text;
}

/**
 * A password that was read before, and now cannot be, is about to be changed: a file is empty before
 * it is written. Stores try again after errors that are not ours.
 */
function changeable(read: ReadPassword): ReadPassword {
  let wasRead = false;
  return async () => {
    try {
      const password = await read();
      wasRead = true;
      return password;
    } catch (error) {
      if (!wasRead || !(error instanceof StoreConfigError)) throw error;
      throw new Error(error.message, { cause: error });
    }
  };
}

/** Reads again what is older than a minute, and what could not be read. */
function kept(read: () => Promise<string>, clock: PasswordPorts['clock']): ReadPassword {
  let last: { readonly password: string; readonly readMs: number } | undefined;
  return async () => {
    const nowMs = clock.monotonicMs();
    if (last === undefined || nowMs - last.readMs >= secretMs) {
      last = { password: await read(), readMs: nowMs };
    }
    return last.password;
  };
}

async function readPasswordFile(file: string, prefix: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StoreConfigError(
      `reading ${prefix}_PASSWORD_FILE: ${error.message}; correct the path or the permissions`,
      { cause: error },
    );
  });
  const password = withoutLineEnd(text);
  if (password !== '') return password;
  throw new StoreConfigError(`reading ${prefix}_PASSWORD_FILE: ${file} is empty`);
}

/** An editor, or `echo`, ends a password with a line. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

async function readSecret(SecretId: string, region: string, prefix: string): Promise<string> {
  const action = `reading the secret ${SecretId} of ${prefix}_PASSWORD_SECRET`;
  const client = new SecretsManagerClient({
    region,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return passwordIn(SecretString, action);
  } catch (error) {
    // What may pass is for the store, which tries again.
    if (error instanceof StoreConfigError || !isRefusal(error as SdkError)) throw error;
    const { name, message } = error as SdkError;
    throw new StoreConfigError(`${action}: ${name}: ${message}${rightsAdvice(name)}`, {
      cause: error,
    });
  } finally {
    client.destroy();
  }
}

/** What the SDK throws. */
interface SdkError extends Error {
  readonly $fault?: 'client' | 'server';
}

/** Whether Secrets Manager said no for good, or nobody could sign the request. */
function isRefusal({ name, $fault }: SdkError): boolean {
  if (name === 'CredentialsProviderError') return true;
  return $fault === 'client' && !/Throttling|TooManyRequests|RequestTimeout/.test(name);
}

/** A secret that RDS manages is JSON with the members `username` and `password`. */
function passwordIn(secret: string, action: string): string {
  if (!secret.startsWith('{')) return withoutLineEnd(secret);
  const password = parseSecret(secret, action).password;
  if (typeof password === 'string') return password;
  throw new StoreConfigError(`${action}: it is JSON without the text member password`);
}

function parseSecret(secret: string, action: string): { readonly password?: unknown } {
  try {
    return JSON.parse(secret) as { password?: unknown };
  } catch {
    // The parser's own error quotes the secret, so not even its cause may reach a log.
    throw new StoreConfigError(
      `${action}: it begins with { but is not JSON; correct it, or write a password that begins with { as JSON with the member password`,
    );
  }
}
