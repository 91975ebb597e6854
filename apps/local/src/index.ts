export { DataDirectoryError, ServiceCrashedError } from './errors.ts';
export { streams, type ServiceSettings } from './pipeline.ts';
export type { RunningService } from './stack.ts';
export {
  startLocalStack,
  type LocalStack,
  type LocalStackOptions,
  type StackStep,
} from './start-local-stack.ts';
