import { ApiError } from './api-error.ts';
import type { Operations } from './operation.ts';

const batchLoad = 'Batch load is not supported here: there is no S3 to load from.';
const scheduled = 'Scheduled queries are not supported here.';
const account = 'Account settings are not supported here.';

const reasons: Readonly<Record<string, string>> = {
  CreateBatchLoadTask: batchLoad,
  DescribeBatchLoadTask: batchLoad,
  ListBatchLoadTasks: batchLoad,
  ResumeBatchLoadTask: batchLoad,
  CreateScheduledQuery: scheduled,
  DeleteScheduledQuery: scheduled,
  DescribeScheduledQuery: scheduled,
  ExecuteScheduledQuery: scheduled,
  ListScheduledQueries: scheduled,
  UpdateScheduledQuery: scheduled,
  DescribeAccountSettings: account,
  UpdateAccountSettings: account,
};

/** Operations of the real service that this one does not have; each says so. */
export const unsupportedOperations: Operations = Object.fromEntries(
  Object.entries(reasons).map(([name, reason]) => [
    name,
    () => {
      throw new ApiError('ValidationException', reason);
    },
  ]),
);
