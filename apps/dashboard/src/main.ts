import { runService } from '@highwater/service';
import { once } from 'node:events';
import { dashboardConfig } from './config.ts';
import { parseTargets } from './pipeline/scrape-services.ts';
import { startDashboard } from './start-dashboard.ts';

await runService(
  {
    name: 'dashboard',
    description:
      'Serves the dashboard: raw and aggregated data, corrections, pipeline state, and a query editor.',
    config: dashboardConfig,
    check: ({ HW_DASHBOARD_SERVICES: services }) => parseTargets(services ?? '').problems,
  },
  async ({ config, health, signal, log, clock }) => {
    await using dashboard = await startDashboard({ config, log, clock });
    log.info({ host: dashboard.host, port: dashboard.port }, 'Serving the dashboard.');
    health.ready();
    if (!signal.aborted) await once(signal, 'abort');
  },
);
