import { systemClock } from '@highwater/service';
import { silentLogger } from '@highwater/testkit';
import type { Browser } from 'playwright-core';
import { startDashboard } from '../../apps/dashboard/src/start-dashboard.ts';
import type { Engine } from '../end-to-end/stack-store.ts';
import { startLateStack, type LateStack } from './late-stack.ts';
import { launchChromium } from './launch-chromium.ts';

/** The local stack with late data, the dashboard on it, and a browser. */
export interface DashboardWorld extends LateStack {
  readonly url: string;
  readonly browser: Browser;
}

/** What a world has in place of what they all have. */
export interface WorldOptions {
  /** Settings of the generator, over those of the fleet. */
  readonly generator?: Readonly<Record<string, string>>;
  /** @default timestream */
  readonly engine?: Engine;
}

/** Starts it all; ready when every service is. */
export async function startDashboardWorld({
  generator = {},
  engine = 'timestream',
}: WorldOptions = {}): Promise<DashboardWorld> {
  await using cleanUp = new AsyncDisposableStack();
  const late = cleanUp.use(await startLateStack({ generator, engine }));
  const dashboard = cleanUp.use(
    await startDashboard({ config: late.config({}), log: silentLogger, clock: systemClock }),
  );
  const browser = await launchChromium();
  cleanUp.defer(() => browser.close());
  const open = cleanUp.move();
  return {
    ...late,
    url: dashboard.url,
    browser,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
