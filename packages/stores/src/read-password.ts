import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Signer } from '@aws-sdk/rds-signer';
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

/**
 * Finds where the password of a store comes from. It is read anew for each connection, because files
 * and secrets are rotated, and tokens of IAM expire after 15 minutes.
 *
 * @param prefix what messages call the settings with: `HW_STORE` for `HW_STORE_PASSWORD`
 * @throws {StoreConfigError} when several sources are set, or one that the store does not use
 */
export function passwordOf(
  config: PasswordConfig,
  address: Exclude<StoreAddress, { engine: 'timestream' }>,
  prefix: string,
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
  if (file !== undefined) return () => readPasswordFile(file, prefix);
  if (secretId !== undefined) return () => readSecret(secretId, region, prefix);
  return async () => text;
}

async function readPasswordFile(file: string, prefix: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new StoreConfigError(
      `reading ${prefix}_PASSWORD_FILE: ${(error as Error).message}; correct the path or the permissions`,
      { cause: error },
    );
  }
}

async function readSecret(SecretId: string, region: string, prefix: string): Promise<string> {
  const client = new SecretsManagerClient({ region });
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return passwordIn(SecretString, prefix);
  } catch (error) {
    if (error instanceof StoreConfigError) throw error;
    throw new StoreConfigError(
      `reading the secret ${SecretId} of ${prefix}_PASSWORD_SECRET: ${(error as Error).message}; check its name, and that the role may secretsmanager:GetSecretValue`,
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}

/** A secret that RDS manages is JSON with the members `username` and `password`. */
function passwordIn(secret: string, prefix: string): string {
  if (!secret.startsWith('{')) return secret;
  const { password } = JSON.parse(secret) as { password?: unknown };
  if (typeof password === 'string') return password;
  throw new StoreConfigError(
    `reading the secret of ${prefix}_PASSWORD_SECRET: it is JSON without the text member password`,
  );
}
