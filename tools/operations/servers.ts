import { operations } from '../../apps/kinesis-local/src/operations/operations.ts';
import { unsupportedOperations } from '../../apps/timestream-local/src/http/unsupported-operations.ts';
import type { Api } from './api-operations.ts';

/** A local server, as far as its README compares it. */
export interface Server {
  /** Of the workspace in `apps/`. */
  readonly name: string;
  readonly apis: readonly Api[];
  readonly serves: (operation: string) => boolean;
}

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
    // It refuses by name what it does not serve.
    serves: (operation) => !Object.hasOwn(unsupportedOperations, operation),
  },
];
