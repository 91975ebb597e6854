import { ApiError } from '../http/api-error.ts';
import type { Operations } from '../http/operation.ts';

/** The settings of an account, as a new one has them: nothing here computes by units, or costs any. */
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
