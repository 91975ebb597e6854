import { join } from 'node:path';
import { appMain } from './app-main.ts';
import type { ServiceSpec } from './service-process.ts';

/** The Timestream server of the stack; it keeps everything in one file of the data directory. */
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
