import { renderAggregatesPage } from './aggregates-page.ts';
import { renderCliPage } from './cli-page.ts';
import { renderErrorsPage } from './errors-page.ts';
import { renderMetricsPage } from './metrics-page.ts';
import { renderSettingsPage } from './settings-page.ts';
import { renderViewsPage } from './views-page.ts';

/** Every page that is written from the code: its path -> what it says. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/aggregates.md': renderAggregatesPage,
  'docs/reference/cli.md': renderCliPage,
  'docs/reference/errors.md': renderErrorsPage,
  'docs/reference/metrics.md': renderMetricsPage,
  'docs/reference/settings.md': renderSettingsPage,
  'docs/reference/views.md': renderViewsPage,
};
