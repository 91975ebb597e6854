import { join } from 'node:path';
import type { ConsumerConfig } from '../config.ts';
import { DirectoryStateStore } from './directory-state-store.ts';
import { createS3Client, S3StateStore } from './s3-state-store.ts';
import type { StateStore } from './state-store.ts';

/** The owner of the snapshots, and the stream. */
export interface OpenStatesOptions {
  readonly config: ConsumerConfig;
  readonly service: string;
  readonly stream: string;
}

/**
 * Opens the snapshots of a service, where its configuration places them. Creates and reads nothing
 * yet.
 */
export function openStates({
  config,
  service,
  stream,
}: OpenStatesOptions): Disposable & { readonly store: StateStore } {
  const bucket = config.HW_STATE_S3_BUCKET;
  if (bucket === undefined) {
    const directory = join(config.HW_STATE_DIR, service, stream, 'snapshots');
    return { store: new DirectoryStateStore(directory), [Symbol.dispose]() {} };
  }
  const endpoint = config.AWS_ENDPOINT_URL_S3;
  const client = createS3Client({ region: config.AWS_REGION, endpoint });
  const prefix = `${config.HW_STATE_S3_PREFIX}${service}/${stream}/`;
  return {
    store: new S3StateStore(client, { bucket, prefix }),
    [Symbol.dispose]() {
      client.destroy();
    },
  };
}
