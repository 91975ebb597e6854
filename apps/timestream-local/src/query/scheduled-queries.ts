import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject, Operation, Operations } from '../http/operation.ts';
import { integer, required, string, structure } from '../http/shape.ts';

const listShape = structure({ MaxResults: integer(1, 1000), NextToken: string() });

const namedShape = structure({
  ScheduledQueryArn: required(string({ lengthMin: 1, lengthMax: 2048 })),
});

const named: Operation = (input: JsonObject) => {
  checkShape(namedShape, input);
  throw new ApiError('ResourceNotFoundException', 'The scheduled query does not exist.');
};

/** Queries on a schedule: there are none, and none can be created. */
export const scheduledQueryOperations: Operations = {
  CreateScheduledQuery: () => {
    throw new ApiError('ValidationException', 'Scheduled queries are not supported here.');
  },
  ListScheduledQueries: (input) => {
    checkShape(listShape, input);
    if (input['NextToken']) {
      throw new ApiError('ValidationException', 'The provided NextToken is invalid.');
    }
    return { ScheduledQueries: [] };
  },
  DescribeScheduledQuery: named,
  ExecuteScheduledQuery: named,
  UpdateScheduledQuery: named,
  DeleteScheduledQuery: named,
};
