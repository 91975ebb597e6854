import { ApiError } from '../http/api-error.ts';
import type { PartitionKey, TableSettings } from '../store/catalog-types.ts';

/** The members of CreateTable and UpdateTable that settle how a table behaves. */
export interface TableSettingsInput {
  readonly RetentionProperties?:
    | {
        readonly MemoryStoreRetentionPeriodInHours: number;
        readonly MagneticStoreRetentionPeriodInDays: number;
      }
    | undefined;
  readonly MagneticStoreWriteProperties?:
    | {
        readonly EnableMagneticStoreWrites: boolean;
        readonly MagneticStoreRejectedDataLocation?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  readonly Schema?: { readonly CompositePartitionKey?: readonly PartitionKey[] } | undefined;
}

const defaults: TableSettings = {
  memoryHours: 6,
  magneticDays: 73_000,
  magneticWrites: false,
  partitionKeys: [{ Type: 'MEASURE' }],
};

/**
 * Settings of a new table, or of an existing one with the changes of the request.
 *
 * @throws {ApiError} ValidationException for a partition key that is invalid or may not change
 */
export function readTableSettings(
  input: TableSettingsInput,
  nowMs: number,
  existing?: TableSettings,
): TableSettings {
  const before = existing ?? defaults;
  const { RetentionProperties: retention, MagneticStoreWriteProperties: magnetic } = input;
  const memoryHours = retention?.MemoryStoreRetentionPeriodInHours ?? before.memoryHours;
  return {
    memoryHours,
    memoryOpenFromMs: existing && openFrom(existing, memoryHours, nowMs),
    magneticDays: retention?.MagneticStoreRetentionPeriodInDays ?? before.magneticDays,
    magneticWrites: magnetic?.EnableMagneticStoreWrites ?? before.magneticWrites,
    rejectedDataLocation: magnetic
      ? magnetic.MagneticStoreRejectedDataLocation
      : before.rejectedDataLocation,
    partitionKeys: readPartitionKeys(input, existing) ?? before.partitionKeys,
  };
}

/** As documented: raising the retention does not open the older window immediately. */
function openFrom(existing: TableSettings, memoryHours: number, nowMs: number): number | undefined {
  if (memoryHours <= existing.memoryHours) return existing.memoryOpenFromMs;
  return Math.max(existing.memoryOpenFromMs ?? 0, nowMs - existing.memoryHours * 3_600_000);
}

function readPartitionKeys(
  { Schema }: TableSettingsInput,
  existing: TableSettings | undefined,
): readonly PartitionKey[] | undefined {
  const keys = Schema?.CompositePartitionKey;
  if (!keys) return undefined;
  const [key] = keys;
  if (!key || keys.length > 1) invalid('The composite partition key must have exactly one key.');
  if (
    key?.Type === 'DIMENSION' &&
    (key.Name === undefined || key.EnforcementInRecord === undefined)
  ) {
    invalid('A partition key of the type DIMENSION needs a name and an enforcement level.');
  }
  if (key?.Type === 'MEASURE' && (key.Name ?? key.EnforcementInRecord) !== undefined) {
    invalid('A partition key of the type MEASURE has neither a name nor an enforcement level.');
  }
  const before = existing?.partitionKeys[0];
  if (before && (before.Type !== key?.Type || before.Name !== key.Name)) {
    invalid('The type and the name of a partition key cannot be changed.');
  }
  return keys;
}

function invalid(message: string): never {
  throw new ApiError('ValidationException', message);
}
