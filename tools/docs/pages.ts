import { renderErrorsPage } from './errors-page.ts';
import { renderMetricsPage } from './metrics-page.ts';

/** Every page that is written from the code: its path -> what it says. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/errors.md': renderErrorsPage,
  'docs/reference/metrics.md': renderMetricsPage,
};
