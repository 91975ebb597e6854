import { operations } from '../../apps/kinesis-local/src/operations/operations.ts';
import type { Api } from './api-operations.ts';

/** A local server, as far as its README compares it. */
export interface Server {
  /** Of the workspace in `apps/`. */
  readonly name: string;
  readonly apis: readonly Api[];
  readonly serves: (operation: string) => boolean;
}

/**
 * Operations that timestream-local answers only with an error: that there are none of these, or
 * that none can be created.
 */
export const timestreamRefuses: readonly string[] = [
  'CreateBatchLoadTask',
  'CreateScheduledQuery',
  'DeleteScheduledQuery',
  'DescribeBatchLoadTask',
  'DescribeScheduledQuery',
  'ExecuteScheduledQuery',
  'ResumeBatchLoadTask',
  'UpdateAccountSettings',
  'UpdateScheduledQuery',
];

/** The servers whose READMEs have the comparison. */
export const servers: readonly Server[] = [
  {
    name: 'kinesis-local',
    apis: ['kinesis'],
    serves: (operation) => operations.has(operation),
  },
  {
    name: 'timestream-local',
    apis: ['timestream-write', 'timestream-query'],
    serves: (operation) => !timestreamRefuses.includes(operation),
  },
];
