import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { standIns } from './stand-ins.ts';
import { testStore } from './test-store.ts';

const run = promisify(execFile);

/** The repository, which is the directory of the stack. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Kept apart from a stack that a person runs here; and fed slowly, with much that is late. */
const environment = {
  ...process.env,
  COMPOSE_PROJECT_NAME: 'highwater-test',
  ...testStore.environment,
  HIGHWATER_TAG: 'test',
  DASHBOARD_PORT: '18080',
  PROMETHEUS_PORT: '19090',
  VIEWS_FILE: './test/compose/views.yml',
  GENERATOR_RATE: '200',
  GENERATOR_SERIES: '200',
  GENERATOR_PERCENT_LATE: '20',
  GENERATOR_LATE_TIME_SECONDS: '20',
};

/** Where the published Prometheus answers. */
export const prometheusUrl = 'http://127.0.0.1:19090';

/** Where the published dashboard answers. */
export const dashboardUrl = 'http://127.0.0.1:18080';

/** Runs `docker compose` on the stack of the tests and answers with what it printed. */
export async function compose(...args: readonly string[]): Promise<string> {
  return docker('compose', ...args);
}

/** Runs `docker` and answers with what it printed. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('docker', args, {
    cwd: root,
    env: { ...environment, ...(await standIns()) },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}
