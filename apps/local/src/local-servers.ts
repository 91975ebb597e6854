import { join } from 'node:path';
import { appMain } from './app-main.ts';
import type { ServiceSpec } from './service-process.ts';
import type { RunningService } from './stack.ts';

/** A laptop cannot store a day of records. At 1,000 points/s, this is the last two hours. */
const diskBytesMax = 4 * 2 ** 30;

/** The Kinesis server of the stack. Only this file knows which server it is. */
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

/** The Timestream server of the stack. It stores everything in one file of the data directory. */
export function localTimestream(options: {
  readonly port: number;
  readonly dataDirectory: string;
}): ServiceSpec {
  return {
    name: 'timestream-local',
    main: appMain('timestream-local'),
    settings: {
      HW_TIMESTREAM_LOCAL_PORT: String(options.port),
      HW_TIMESTREAM_LOCAL_DATA: join(options.dataDirectory, 'timestream.duckdb'),
    },
    api: { message: 'Serving the Timestream API.', portVariable: 'HW_TIMESTREAM_LOCAL_PORT' },
  };
}

/** The dashboard of the stack, for everything that runs when it starts. */
export function localDashboard(options: {
  readonly port: number;
  /** Settings of the store, for reading. */
  readonly store: Readonly<Record<string, string>>;
  readonly deadLetters: string;
  readonly services: readonly RunningService[];
}): ServiceSpec {
  return {
    name: 'dashboard',
    main: appMain('dashboard'),
    settings: {
      HW_DASHBOARD_PORT: String(options.port),
      ...options.store,
      HW_DEAD_LETTERS_DIR: options.deadLetters,
      HW_DASHBOARD_SERVICES: options.services
        .map(({ name, opsUrl }) => `${name}=${opsUrl}`)
        .join(','),
    },
    api: { message: 'Serving the dashboard.', portVariable: 'HW_DASHBOARD_PORT' },
  };
}
