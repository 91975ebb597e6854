import {
  asTimestreamError,
  createSdkWriteApi,
  type TimestreamTable,
  type WriteApi,
} from '@highwater/timestream';
import type { DoctorConfig } from './doctor-config.ts';
import { explainFailure } from './explain-failure.ts';
import type { Finding } from './finding.ts';

const variable = 'AWS_ENDPOINT_URL_TIMESTREAM_WRITE';

/** Checks whether a Timestream table exists and can be written to. Writes nothing. */
export async function checkTable(
  config: DoctorConfig,
  place: TimestreamTable,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const limits = { requestsInFlightMax: 1, requestTimeoutMs: config.HW_STORE_REQUEST_TIMEOUT_MS };
  const api = createSdkWriteApi(place, limits);
  using _closing = { [Symbol.dispose]: () => api.close() };
  const what = `table ${place.table}`;
  const endpoint = { variable, url: config.AWS_ENDPOINT_URL_TIMESTREAM_WRITE };
  const resource = tableArn(place);
  let action = 'timestream:DescribeTable';
  try {
    const found = await api.describeTable(signal);
    action = 'timestream:WriteRecords';
    await writeNothing(api, signal);
    const { MemoryStoreRetentionPeriodInHours: hours = 0 } = found?.RetentionProperties ?? {};
    const takesOld = found?.MagneticStoreWriteProperties?.EnableMagneticStoreWrites === true;
    const keeps = `accepts rows that are at most ${hours} h old${takesOld ? ', and older ones' : ''}`;
    const text = `${found?.TableStatus}, ${keeps}, can be written`;
    if (found?.TableStatus === 'ACTIVE') return [{ what, verdict: 'ok', found: text }];
    return [{ what, verdict: 'warn', found: text, fix: 'wait until it is ACTIVE' }];
  } catch (error) {
    const known = asTimestreamError(action, error);
    if (known.exception === 'ResourceNotFoundException') return [missingTable(what, place, config)];
    return [explainFailure(known, { what, action, resource, endpoint })];
  }
}

function missingTable(what: string, { database }: TimestreamTable, config: DoctorConfig): Finding {
  return config.HW_STORE_CREATE
    ? {
        what,
        verdict: 'warn',
        found: `does not exist yet in the database ${database}; the service creates it when it starts`,
        fix: 'no action is needed if the service has the permissions timestream:CreateDatabase and timestream:CreateTable',
      }
    : {
        what,
        verdict: 'fail',
        found: `does not exist in the database ${database}, and HW_STORE_CREATE is false`,
        fix: 'create the table, or set HW_STORE_CREATE=true',
      };
}

/** The name of a table in a policy. */
export function tableArn({ region, database, table }: TimestreamTable): string {
  return `arn:aws:timestream:${region}:*:database/${database}/table/${table}`;
}

/** A record without a time is never stored. The answer only shows whether writing is permitted. */
async function writeNothing(api: WriteApi, signal: AbortSignal): Promise<void> {
  const Dimensions = [{ Name: 'doctor', Value: 'doctor' }];
  const record = { MeasureName: 'doctor', MeasureValue: '0', Dimensions };
  try {
    await api.writeRecords({ CommonAttributes: {}, Records: [record] }, signal);
  } catch (error) {
    const { name } = error as Error;
    if (name !== 'ValidationException' && name !== 'RejectedRecordsException') throw error;
  }
}
