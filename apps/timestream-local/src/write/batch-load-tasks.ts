import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { Operation, Operations } from '../http/operation.ts';
import { integer, required, string, structure } from '../http/shape.ts';

const listShape = structure({
  MaxResults: integer(1, 100),
  NextToken: string(),
  TaskStatus: string({
    values: ['CREATED', 'IN_PROGRESS', 'FAILED', 'SUCCEEDED', 'PROGRESS_STOPPED', 'PENDING_RESUME'],
  }),
});

const namedShape = structure({
  TaskId: required(string({ lengthMin: 3, lengthMax: 32, pattern: /^[A-Z0-9]+$/ })),
});

const named: Operation = (input) => {
  checkShape(namedShape, input);
  throw new ApiError('ResourceNotFoundException', 'The batch load task does not exist.');
};

/** Loads of many records from S3: there are none, and none can be created. */
export const batchLoadOperations: Operations = {
  CreateBatchLoadTask: () => {
    throw new ApiError(
      'ValidationException',
      'Batch load is not supported here: there is no S3 to load from.',
    );
  },
  ListBatchLoadTasks: (input) => {
    checkShape(listShape, input);
    if (input['NextToken']) {
      throw new ApiError('ValidationException', 'The provided NextToken is invalid.');
    }
    return { BatchLoadTasks: [] };
  },
  DescribeBatchLoadTask: named,
  ResumeBatchLoadTask: named,
};
