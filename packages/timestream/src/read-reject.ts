import type { RejectedRecord } from '@aws-sdk/client-timestream-write';
import type { Row, RowOutcome } from '@highwater/model';

/**
 * The meaning of a rejected record for its row.
 *
 * The service returns a text without a code. These are the texts that it is known to use. AWS's own
 * writers distinguish the cases in the same way.
 */
export function readReject(row: Row, reject: RejectedRecord): RowOutcome {
  const { ExistingVersion: existingVersion, Reason: detail = 'no reason given' } = reject;
  if (isOlder(row.version, existingVersion, detail)) {
    return { status: 'already_newer', existingVersion };
  }
  if (/record already exists|higher record version/i.test(detail)) {
    return { status: 'rejected', reason: 'version_conflict', detail };
  }
  if (/outside the time range/i.test(detail)) {
    return { status: 'rejected', reason: 'time_out_of_range', detail };
  }
  return { status: 'rejected', reason: 'other', detail };
}

function isOlder(version: number, existingVersion: number | undefined, detail: string): boolean {
  if (existingVersion !== undefined && existingVersion !== version) {
    return existingVersion > version;
  }
  return /is lower than the existing version/i.test(detail);
}
