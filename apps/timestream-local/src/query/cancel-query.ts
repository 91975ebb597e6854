import { ApiError } from '../http/api-error.ts';
import { checkShape } from '../http/check-shape.ts';
import type { JsonObject } from '../http/operation.ts';
import type { QueryContext } from './query-context.ts';
import { queryShapes } from './shapes.ts';

/** Answers CancelQuery: stops a query. The call that waits for it fails. */
export function cancelQuery({ queries }: QueryContext) {
  return (input: JsonObject): object => {
    checkShape(queryShapes.cancel, input);
    const { QueryId } = input as { readonly QueryId: string };
    const query = queries.find(QueryId);
    if (!query) {
      if (queries.hasFinished(QueryId)) return { CancellationMessage: 'The query has ended.' };
      throw new ApiError('ValidationException', `The query ID ${QueryId} does not exist.`);
    }
    if (query.stopped !== undefined) {
      return { CancellationMessage: 'Cancellation has already been requested for the query.' };
    }
    query.stop('cancelled');
    return {};
  };
}
