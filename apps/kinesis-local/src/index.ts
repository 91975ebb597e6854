export {
  startKinesisLocal,
  type KinesisLocal,
  type KinesisLocalOptions,
} from './start-kinesis-local.ts';
