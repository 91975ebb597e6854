import { openStates } from '@highwater/kinesis';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { checkDirectory } from './check-directory.ts';
import type { LeaseUse } from './check-leases.ts';
import type { DoctorConfig } from './doctor-config.ts';
import { explainFailure } from './explain-failure.ts';
import type { Finding } from './finding.ts';

/** Checks whether snapshots can be stored. In a bucket, writes one, reads it, and removes it. */
export async function checkSnapshots(
  config: DoctorConfig,
  use: LeaseUse,
): Promise<readonly Finding[]> {
  const { service, stream } = use;
  const what = `snapshots of ${service}`;
  const bucket = config.HW_STATE_S3_BUCKET;
  if (bucket === undefined) {
    const directory = join(config.HW_STATE_DIR, service, stream, 'snapshots');
    const place = await checkDirectory({ what, directory, variable: 'HW_STATE_DIR' });
    return [config.HW_LEASES === 'dynamodb' ? sharedOrNot(place) : place];
  }
  using states = openStates({ config, ...use });
  const url = config.AWS_ENDPOINT_URL_S3;
  const endpoint = { variable: 'AWS_ENDPOINT_URL_S3', url };
  const resource = `arn:aws:s3:::${bucket}/${config.HW_STATE_S3_PREFIX}${service}/*`;
  let action = 's3:PutObject';
  try {
    const ref = await states.store.put(`doctor/${randomUUID()}`, Buffer.from('doctor'));
    action = 's3:GetObject';
    await states.store.get(ref);
    action = 's3:DeleteObject';
    await states.store.remove(ref);
  } catch (error) {
    const ifMissing = `create the bucket ${bucket}, or correct HW_STATE_S3_BUCKET`;
    return [explainFailure(error, { what, action, resource, endpoint, ifMissing })];
  }
  const found = `objects in the bucket ${bucket} can be written, read, and deleted`;
  return [{ what, verdict: 'ok', found }];
}

function sharedOrNot(place: Finding): Finding {
  if (place.verdict !== 'ok') return place;
  return {
    ...place,
    verdict: 'warn',
    found: `${place.found}; leases are shared between machines, but this directory may not be`,
    fix: 'if workers run on several machines, set HW_STATE_S3_BUCKET',
  };
}
