import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { renderErrors } from './pages/errors.ts';
import { renderMetrics } from './pages/metrics.ts';
import { root } from './source-files.ts';

/** The pages that are generated, by their path, with the function that renders each. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/errors.md': renderErrors,
  'docs/reference/metrics.md': renderMetrics,
};

/** A page as it is kept: in the format that prettier gives it. */
export async function renderPage(path: string, render: () => string): Promise<string> {
  const filepath = resolve(root, path);
  return format(render(), { ...(await resolveConfig(filepath)), filepath });
}
