import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createHash } from 'node:crypto';
import { StateError, StateStoreError } from '../errors.ts';
import type { StateRef, StateStore } from './state-store.ts';

/** Where S3 is. */
export interface S3Connection {
  readonly region: string;
  /** A local server; undefined for AWS. */
  readonly endpoint?: string | undefined;
}

/** A client without hidden retries: the consumer repeats failed calls, and counts them. */
export function createS3Client({ region, endpoint }: S3Connection): S3Client {
  return new S3Client({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 3_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
    }),
    ...(endpoint && { endpoint, forcePathStyle: true }),
    // AWS itself always uses https. Plain http means a local server, which accepts any credentials.
    ...(endpoint?.startsWith('http:') && {
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  });
}

/**
 * Snapshots as objects of a bucket. An object is written once. A key contains epoch and number, so
 * a second writer of one is this same worker after a lost reply.
 */
export class S3StateStore implements StateStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(
    client: S3Client,
    { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  ) {
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
  }

  async put(key: string, state: Uint8Array): Promise<StateRef> {
    const ref = { key, sha256: sha256(state), bytes: state.length };
    try {
      await this.#client.send(
        new PutObjectCommand({
          ...this.#object(key),
          Body: state,
          ContentLength: state.length,
          ContentType: 'application/octet-stream',
          IfNoneMatch: '*',
        }),
      );
    } catch (cause) {
      if (!isPreconditionFailed(cause)) throw this.#failed('writing', key, cause);
      // Throws when the existing object differs from the one to be written.
      await this.get(ref);
    }
    return ref;
  }

  async get(ref: StateRef): Promise<Uint8Array> {
    const path = this.#path(ref.key);
    let state: Uint8Array;
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(this.#object(ref.key)));
      state = (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (cause) {
      if (cause instanceof NoSuchKey) {
        throw new StateError(path, 'the object does not exist', { cause });
      }
      throw this.#failed('reading', ref.key, cause);
    }
    if (sha256(state) !== ref.sha256) {
      const detail = `its ${state.length} bytes differ from the ${ref.bytes} bytes that were saved`;
      throw new StateError(path, detail);
    }
    return state;
  }

  async remove(ref: StateRef): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(this.#object(ref.key)));
    } catch (cause) {
      throw this.#failed('removing', ref.key, cause);
    }
  }

  #object(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` };
  }

  #path(key: string): string {
    return `s3://${this.#bucket}/${this.#prefix}${key}`;
  }

  #failed(action: string, key: string, cause: unknown): StateStoreError {
    return new StateStoreError(action, this.#path(key), cause as Error);
  }
}

function isPreconditionFailed(error: unknown): boolean {
  return (error as Error).name === 'PreconditionFailed';
}

function sha256(state: Uint8Array): string {
  return createHash('sha256').update(state).digest('hex');
}
