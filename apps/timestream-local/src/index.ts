export { startTimestreamLocal, type TimestreamLocal } from './start-timestream-local.ts';
