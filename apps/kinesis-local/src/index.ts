export { startKinesisLocal, type KinesisLocal } from './start-kinesis-local.ts';
