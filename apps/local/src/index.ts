export { DataDirectoryError, ServiceCrashedError } from './errors.ts';
export { streams } from './pipeline.ts';
export type { RunningService } from './stack.ts';
export {
  startLocalStack,
  type LocalStack,
  type LocalStackOptions,
  type StackStep,
} from './start-local-stack.ts';
