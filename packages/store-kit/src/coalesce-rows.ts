import type { Attribute, RowOutcome } from '@highwater/model';
import type { PreparedRow } from './prepared-row.ts';

/** Rows of one write call, of which only the leaders are sent. */
export interface CoalescedRows {
  /** One row per identity: the highest version; among equal versions, the first. */
  readonly leaders: readonly PreparedRow[];
  /** The other rows, in the order in which they were given. */
  readonly followers: readonly Follower[];
}

export interface Follower {
  readonly row: PreparedRow;
  readonly leader: PreparedRow;
}

/**
 * Groups rows by identity. Timestream does not document how it handles two rows of one identity in
 * a request, so no request may contain two.
 */
export function coalesceRows(rows: readonly PreparedRow[]): CoalescedRows {
  const byIdentity = new Map<string, PreparedRow>();
  for (const row of rows) {
    const leader = byIdentity.get(row.identity);
    if (leader === undefined || row.row.version > leader.row.version) {
      byIdentity.set(row.identity, row);
    }
  }
  if (byIdentity.size === rows.length) return { leaders: rows, followers: [] };
  const followers = rows.flatMap((row) => {
    const leader = byIdentity.get(row.identity) as PreparedRow;
    return row === leader ? [] : [{ row, leader }];
  });
  return { leaders: [...byIdentity.values()], followers };
}

/**
 * The outcome of a row that was not sent, derived from its leader: the answer that the service
 * would have given if the row had been sent after the leader.
 *
 * @returns undefined when the leader's outcome does not determine it, so the row itself must be
 * sent
 */
export function followerOutcome(
  follower: PreparedRow,
  leader: PreparedRow,
  outcome: RowOutcome,
): RowOutcome | undefined {
  const isOlder = follower.row.version < leader.row.version;
  if (!isOlder && isSameValue(follower, leader)) return outcome;
  switch (outcome.status) {
    case 'written':
      return isOlder
        ? { status: 'already_newer', existingVersion: leader.row.version }
        : {
            status: 'rejected',
            reason: 'version_conflict',
            detail: 'an earlier row of the same write has the same version but another value',
          };
    case 'already_newer':
      return outcome;
    case 'rejected':
      return undefined;
  }
}

function isSameValue(a: PreparedRow, b: PreparedRow): boolean {
  const [left, right] = [a.row, b.row];
  if (!isSameBeside(left.attributes ?? [], right.attributes ?? [])) return false;
  if (left.measureValueType !== right.measureValueType) return false;
  if (left.measureValue === right.measureValue) return true;
  switch (left.measureValueType) {
    case 'DOUBLE':
      return Number(left.measureValue) === Number(right.measureValue);
    case 'BIGINT':
      return BigInt(left.measureValue) === BigInt(right.measureValue);
    case 'VARCHAR':
    case 'BOOLEAN':
      return false;
  }
}

function isSameBeside(left: readonly Attribute[], right: readonly Attribute[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ name, type, value }) =>
      right.some((other) => other.name === name && other.type === type && other.value === value),
    )
  );
}
