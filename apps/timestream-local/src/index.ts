export {
  startTimestreamLocal,
  type TimestreamLocal,
  type TimestreamLocalOptions,
} from './start-timestream-local.ts';
