import {
  createDynamoClient,
  DirectoryLeaseStore,
  DynamoLeaseStore,
  findLeaseTable,
  leaseTableActions,
  leaseTableName,
  probeLeaseTable,
} from '@highwater/kinesis';
import type { Clock } from '@highwater/model';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkDirectory } from './check-directory.ts';
import { describeLeases } from './describe-leases.ts';
import type { DoctorConfig } from './doctor-config.ts';
import { explainFailure, type Attempt } from './explain-failure.ts';
import type { Finding } from './finding.ts';

/** The owner of the leases. */
export interface LeaseUse {
  readonly service: string;
  readonly stream: string;
}

/** Checks whether a service's leases can be used, and reports their state. Changes nothing. */
export function checkLeases(
  config: DoctorConfig,
  use: LeaseUse,
  clock: Clock,
): Promise<readonly Finding[]> {
  return config.HW_LEASES === 'dynamodb'
    ? checkTable(config, use, clock)
    : checkLeaseDirectory(config, use, clock);
}

async function checkLeaseDirectory(
  config: DoctorConfig,
  { service, stream }: LeaseUse,
  clock: Clock,
): Promise<readonly Finding[]> {
  const directory = join(config.HW_STATE_DIR, service, stream, 'leases');
  const what = `leases of ${service}`;
  const place = await checkDirectory({ what, directory, variable: 'HW_STATE_DIR' });
  if (place.verdict === 'fail' || !existsSync(directory)) return [place];
  const store = await DirectoryLeaseStore.open(directory);
  return [describeLeases({ service, leases: await store.list(), nowMs: clock.nowMs() })];
}

async function checkTable(
  config: DoctorConfig,
  { service }: LeaseUse,
  clock: Clock,
): Promise<readonly Finding[]> {
  const url = config.AWS_ENDPOINT_URL_DYNAMODB;
  const table = leaseTableName(config, service);
  const what = `lease table ${table}`;
  const client = createDynamoClient({ region: config.AWS_REGION, endpoint: url });
  using _closing = { [Symbol.dispose]: () => client.destroy() };
  const attempt = (action: string): Attempt => ({
    what,
    action: `dynamodb:${action}`,
    resource: `arn:aws:dynamodb:${config.AWS_REGION}:*:table/${table}`,
    endpoint: { variable: 'AWS_ENDPOINT_URL_DYNAMODB', url },
  });
  try {
    const found = await findLeaseTable(client, table);
    if (!found) return [missingTable(what, config)];
    const [key, ...others] = found.keyNames;
    if (key !== 'leaseKey' || others.length > 0) {
      const fix = 'set HW_LEASES_TABLE to a table that does not exist yet; the service creates it';
      return [
        {
          what,
          verdict: 'fail',
          found: `its key is ${found.keyNames.join(', ')}, but a lease table has the key leaseKey`,
          fix,
        },
      ];
    }
  } catch (error) {
    return [explainFailure(error, attempt('DescribeTable'))];
  }
  const refused: Finding[] = [];
  for (const action of leaseTableActions) {
    await probeLeaseTable(client, table, action).catch((error: unknown) => {
      refused.push(explainFailure(error, attempt(action)));
    });
  }
  if (refused.length > 0) return refused;
  const leases = await new DynamoLeaseStore(client, table).list();
  const ready: Finding = { what, verdict: 'ok', found: 'can be read and written' };
  return [ready, describeLeases({ service, leases, nowMs: clock.nowMs() })];
}

function missingTable(what: string, { HW_LEASES_CREATE: mayCreate }: DoctorConfig): Finding {
  return mayCreate
    ? {
        what,
        verdict: 'warn',
        found: 'does not exist yet; the service creates it when it starts',
        fix: 'no action is needed if the service has the permission dynamodb:CreateTable',
      }
    : {
        what,
        verdict: 'fail',
        found: 'does not exist, and HW_LEASES_CREATE is false',
        fix: 'create it with the partition key leaseKey (a string), or set HW_LEASES_CREATE=true',
      };
}
