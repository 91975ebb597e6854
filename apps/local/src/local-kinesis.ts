import { join } from 'node:path';
import { appMain } from './app-main.ts';
import type { ServiceSpec } from './service-process.ts';

/** A laptop is no place for a day of records: at 1,000 points/s this is the last two hours. */
const diskBytesMax = 4 * 2 ** 30;

/** The Kinesis server of the stack. Everything that knows which one it is, is in this file. */
export function localKinesis(options: {
  readonly port: number;
  readonly dataDirectory: string;
}): ServiceSpec {
  return {
    name: 'kinesis-local',
    main: appMain('kinesis-local'),
    settings: {
      HW_KINESIS_LOCAL_PORT: String(options.port),
      HW_KINESIS_LOCAL_DATA_DIR: join(options.dataDirectory, 'kinesis'),
      HW_KINESIS_LOCAL_DISK_BYTES_MAX: String(diskBytesMax),
    },
    api: { message: 'Serving the Kinesis API.', portVariable: 'HW_KINESIS_LOCAL_PORT' },
  };
}
