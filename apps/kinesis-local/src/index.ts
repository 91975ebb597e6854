export { ServerFaults, type FaultSettings } from './faults/server-faults.ts';
export { DataDirectoryError } from './files/errors.ts';
export type { TlsFiles } from '@highwater/service/front-door';
export {
  startKinesisLocal,
  type KinesisLocal,
  type KinesisLocalOptions,
} from './start-kinesis-local.ts';
