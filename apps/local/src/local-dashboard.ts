import { appMain } from './app-main.ts';
import type { ServiceSpec } from './service-process.ts';
import type { RunningService } from './stack.ts';

/** The page of the stack, over everything that runs when it starts. */
export function localDashboard(options: {
  readonly port: number;
  readonly timestreamUrl: string;
  readonly deadLetters: string;
  readonly services: readonly RunningService[];
}): ServiceSpec {
  return {
    name: 'dashboard',
    main: appMain('dashboard'),
    settings: {
      HW_DASHBOARD_PORT: String(options.port),
      AWS_ENDPOINT_URL_TIMESTREAM_QUERY: options.timestreamUrl,
      HW_DEAD_LETTERS_DIR: options.deadLetters,
      HW_DASHBOARD_SERVICES: options.services
        .map(({ name, opsUrl }) => `${name}=${opsUrl}`)
        .join(','),
    },
    api: { message: 'Serving the dashboard.', portVariable: 'HW_DASHBOARD_PORT' },
  };
}
