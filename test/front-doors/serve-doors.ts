import {
  createHealth,
  createRegistry,
  loadConfig,
  serveOps,
  systemClock,
} from '@highwater/service';
import { serveParent } from '@highwater/service/child';
import type { FrontDoorLimits } from '@highwater/service/front-door';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dashboardConfig } from '../../apps/dashboard/src/config.ts';
import { startDashboard } from '../../apps/dashboard/src/start-dashboard.ts';
import { startKinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { startTimestreamLocal } from '../../apps/timestream-local/src/index.ts';

/** Where the ports of one process are. */
export interface DoorPorts {
  readonly kinesis: number;
  readonly timestream: number;
  readonly dashboard: number;
  readonly health: number;
}

// Every kind of port in one process, so that what a client costs can be seen from outside.
const limits = JSON.parse(process.argv[2] ?? '{}') as Partial<FrontDoorLimits>;
const require = createRequire(import.meta.url);
const readPem = (name: string) => readFile(require.resolve(`kinesalite/ssl/${name}.pem`), 'utf8');
const tls = { cert: await readPem('server-crt'), key: await readPem('server-key') };
const hostNames = ['water.example'];
const tell = (level: string) => (fields: object, message: string) => {
  process.send?.({ level, message, fields: JSON.stringify(fields) });
};
const ignore = () => undefined;
const log = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: tell('warn'),
  error: tell('error'),
};
const registry = createRegistry();

const common = { port: 0, tls, hostNames, limits, log, registry, clock: systemClock };
const kinesis = await startKinesisLocal({ ...common, hasAdmin: true });
const timestream = await startTimestreamLocal(common);
const config = loadConfig(dashboardConfig, {
  HW_DASHBOARD_PORT: '0',
  HW_DASHBOARD_HOST_NAMES: hostNames.join(','),
  HW_DASHBOARD_REQUESTS_PER_SECOND_MAX: '10000',
  AWS_ENDPOINT_URL_TIMESTREAM_QUERY: `http://127.0.0.1:${timestream.port}`,
});
const dashboard = await startDashboard({ config, log, limits, clock: systemClock });
const health = createHealth();
health.ready();
const ops = await serveOps({
  name: 'doors',
  host: '127.0.0.1',
  port: 0,
  hostNames,
  registry,
  health,
  limits,
});
serveParent(ignore);
const ports: DoorPorts = {
  kinesis: kinesis.port,
  timestream: timestream.port,
  dashboard: dashboard.port,
  health: ops.port,
};
process.send?.({ ports });
