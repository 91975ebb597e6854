import { ApiError } from '../http/api-error.ts';
import type { Operations } from '../http/operation.ts';

/**
 * The settings of an account, with the values of a new one. This server has no compute units, and
 * nothing costs money.
 */
export const accountSettingsOperations: Operations = {
  DescribeAccountSettings: () => ({
    MaxQueryTCU: 200,
    QueryPricingModel: 'COMPUTE_UNITS',
    QueryCompute: { ComputeMode: 'ON_DEMAND' },
  }),
  UpdateAccountSettings: () => {
    throw new ApiError(
      'ValidationException',
      'Account settings cannot be changed here: they would have no effect.',
    );
  },
};
