export { streams, type ServiceSettings } from './pipeline.ts';
export { startLocalStack, type LocalStack } from './start-local-stack.ts';
