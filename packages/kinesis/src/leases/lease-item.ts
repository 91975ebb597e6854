import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import assert from 'node:assert/strict';
import type { Checkpoint, Lease, NewLease, SetAsideRecord, Suspects } from './lease-store.ts';
import { afterRecord, idOf, type RecordId } from '../api/read-position.ts';

/** One row of the lease table. */
export type LeaseItem = Record<string, AttributeValue>;

/**
 * A lease as a row. It uses the names and meanings of the Kinesis Client Library where they exist;
 * `leaseEpoch`, `wantedBy`, `streamCreatedMs`, `checkpointNumber`, `snapshot*`, `watermarkMs`,
 * `readToMs`, `replayFrom*`, `suspects`, and `setAside` are additions.
 */
export function newLeaseItem(lease: NewLease): LeaseItem {
  const { shardId, parentShardIds, streamCreatedMs, checkpoint } = lease;
  return {
    leaseKey: { S: shardId },
    leaseCounter: { N: '0' },
    leaseEpoch: { N: '0' },
    // A set cannot be empty.
    ...(parentShardIds.length > 0 ? { parentShardId: { SS: [...parentShardIds] } } : {}),
    ...(streamCreatedMs === undefined ? {} : { streamCreatedMs: number(streamCreatedMs) }),
    ...checkpointItem(checkpoint).set,
  };
}

/** The attributes that a checkpoint sets, and the attributes that it must remove. */
export function checkpointItem(checkpoint: Checkpoint): {
  readonly set: LeaseItem;
  readonly remove: readonly string[];
} {
  const { position, state, watermarkMs, readToMs, replayFrom } = checkpoint;
  const { number: checkpointNumber, openings = 0, suspects, setAside = [] } = checkpoint;
  const optional: Readonly<Record<string, AttributeValue | undefined>> = {
    checkpointTimestampMs:
      position.type === 'AT_TIMESTAMP' ? number(position.timestampMs) : undefined,
    checkpointNumber: checkpointNumber === undefined ? undefined : number(checkpointNumber),
    snapshotKey: state && { S: state.key },
    snapshotSha256: state && { S: state.sha256 },
    snapshotBytes: state && number(state.bytes),
    watermarkMs: watermarkMs === undefined ? undefined : number(watermarkMs),
    readToMs: readToMs === undefined ? undefined : number(readToMs),
    replayFrom: replayFrom && { S: replayFrom.sequenceNumber },
    replayFromWatermarkMs:
      replayFrom?.watermarkMs === undefined ? undefined : number(replayFrom.watermarkMs),
    replayFromNewestMs:
      replayFrom?.newestEventTimeMs === undefined
        ? undefined
        : number(replayFrom.newestEventTimeMs),
    suspects: suspects && suspectsItem(suspects),
    setAside: setAside.length > 0 ? { L: setAside.map(setAsideItem) } : undefined,
  };
  const set: LeaseItem = {
    checkpoint: {
      S: position.type === 'AFTER_SEQUENCE_NUMBER' ? position.sequenceNumber : position.type,
    },
    checkpointSubSequenceNumber: number(
      position.type === 'AFTER_SEQUENCE_NUMBER' ? (position.subSequenceNumber ?? 0) : 0,
    ),
    ownerSwitchesSinceCheckpoint: number(openings),
  };
  const remove: string[] = [];
  for (const [name, value] of Object.entries(optional)) {
    if (value) set[name] = value;
    else remove.push(name);
  }
  return { set, remove };
}

/** Decodes a row of Highwater or of the Kinesis Client Library; undefined for other rows. */
export function leaseOfItem(item: LeaseItem): Lease | undefined {
  const shardId = item['leaseKey']?.S;
  const entity = item['entityType']?.S ?? 'LEASE';
  if (shardId === undefined || entity !== 'LEASE') return undefined;
  const owner = item['leaseOwner']?.S;
  const wantedBy = item['wantedBy']?.S;
  const streamCreatedMs = numberOf(item['streamCreatedMs']);
  return {
    shardId,
    parentShardIds: (item['parentShardId']?.SS ?? []).toSorted(),
    ...(owner === undefined ? {} : { owner }),
    epoch: Number(item['leaseEpoch']?.N ?? 0),
    counter: Number(item['leaseCounter']?.N ?? 0),
    ...(wantedBy === undefined ? {} : { wantedBy }),
    ...(streamCreatedMs === undefined ? {} : { streamCreatedMs }),
    checkpoint: checkpointOfItem(item),
  };
}

function checkpointOfItem(item: LeaseItem): Checkpoint {
  const key = item['snapshotKey']?.S;
  const checkpointNumber = numberOf(item['checkpointNumber']);
  const watermarkMs = numberOf(item['watermarkMs']);
  const readToMs = numberOf(item['readToMs']);
  const sequenceNumber = item['replayFrom']?.S;
  const replayWatermarkMs = numberOf(item['replayFromWatermarkMs']);
  const replayNewestMs = numberOf(item['replayFromNewestMs']);
  const openings = numberOf(item['ownerSwitchesSinceCheckpoint']) ?? 0;
  const suspects = item['suspects']?.M;
  const setAside = item['setAside']?.L;
  return {
    position: positionOfItem(item),
    ...(checkpointNumber === undefined ? {} : { number: checkpointNumber }),
    ...(key === undefined
      ? {}
      : {
          state: {
            key,
            sha256: item['snapshotSha256']?.S ?? '',
            bytes: numberOf(item['snapshotBytes']) ?? 0,
          },
        }),
    ...(watermarkMs === undefined ? {} : { watermarkMs }),
    ...(readToMs === undefined ? {} : { readToMs }),
    ...(sequenceNumber === undefined
      ? {}
      : {
          replayFrom: {
            sequenceNumber,
            ...(replayWatermarkMs === undefined ? {} : { watermarkMs: replayWatermarkMs }),
            ...(replayNewestMs === undefined ? {} : { newestEventTimeMs: replayNewestMs }),
          },
        }),
    ...(openings === 0 ? {} : { openings }),
    ...(suspects === undefined ? {} : { suspects: suspectsOf(suspects) }),
    ...(setAside === undefined ? {} : { setAside: setAside.map(setAsideOf) }),
  };
}

function suspectsItem({ first, last, attempts }: Suspects): AttributeValue {
  return { M: { first: recordItem(first), last: recordItem(last), attempts: number(attempts) } };
}

function suspectsOf(item: LeaseItem): Suspects {
  const { first, last, attempts } = item;
  return { first: recordOf(first), last: recordOf(last), attempts: numberOf(attempts) ?? 0 };
}

function setAsideItem(record: SetAsideRecord): AttributeValue {
  return { M: { record: recordItem(record), arrivalTimeMs: number(record.arrivalTimeMs) } };
}

function setAsideOf(item: AttributeValue): SetAsideRecord {
  const { record, arrivalTimeMs } = item.M ?? {};
  return { ...recordOf(record), arrivalTimeMs: numberOf(arrivalTimeMs) ?? 0 };
}

/** `<sequence number>/<sub-sequence number>`. */
function recordItem({ sequenceNumber, subSequenceNumber = 0 }: RecordId): AttributeValue {
  return { S: `${sequenceNumber}/${subSequenceNumber}` };
}

function recordOf(item: AttributeValue | undefined): RecordId {
  const [sequenceNumber = '', sub] = item?.S?.split('/') ?? [];
  return idOf({ sequenceNumber, subSequenceNumber: Number(sub ?? 0) });
}

function positionOfItem(item: LeaseItem): Checkpoint['position'] {
  const type = item['checkpoint']?.S ?? 'TRIM_HORIZON';
  switch (type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
    case 'SHARD_END':
      return { type };
    case 'AT_TIMESTAMP':
      return { type, timestampMs: numberOf(item['checkpointTimestampMs']) ?? 0 };
    default:
      assert(/^\d+$/.test(type), `checkpoint=${type}`);
      return afterRecord(type, numberOf(item['checkpointSubSequenceNumber']));
  }
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}

function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}
