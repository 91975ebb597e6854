import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { version } from './version.ts';

/** A service's metrics, including those of the process and the build. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'highwater_build_info',
    help: 'Always 1. The label has the version.',
    labelNames: ['version'], // One value per process.
    registers: [registry],
  }).set({ version }, 1);
  return registry;
}
