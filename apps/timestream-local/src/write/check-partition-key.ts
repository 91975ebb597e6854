import { ApiError } from '../http/api-error.ts';
import type { PartitionKey } from '../store/catalog-types.ts';
import type { IncomingDimensions } from '../store/incoming-record.ts';

/**
 * Refuses a record without the dimension that its table requires as partition key. The service
 * answers with either of two exceptions "depending on the type of error"; here it is always this one.
 *
 * @throws {ApiError} ValidationException
 */
export function checkPartitionKey(
  keys: readonly PartitionKey[],
  dimensions: IncomingDimensions,
): void {
  for (const { Type, Name, EnforcementInRecord } of keys) {
    if (Type !== 'DIMENSION' || EnforcementInRecord !== 'REQUIRED') continue;
    if (!dimensions.some(([name]) => name === Name)) {
      throw new ApiError(
        'ValidationException',
        `The dimension ${Name} is the partition key of the table and is required in every record.`,
      );
    }
  }
}
