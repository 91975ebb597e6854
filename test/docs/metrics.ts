import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { root } from './code-blocks.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly record?: string }[] }[];
}

/**
 * Every metric that a service or a rule of Prometheus has, with its labels. A test holds the page of the
 * metrics to the registries of the services.
 */
export const metrics: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...[...read('docs/reference/metrics.md').matchAll(/^\| `(\w+)` +\| \w+ +\| ([^|]*)\|/gm)].map(
    ([, name = '', labels = '']) =>
      [name, [...labels.matchAll(/\w+/g)].map(([label]) => label)] as const,
  ),
  ...(parse(read('infra/prometheus/rules/service-levels.yml')) as Rules).groups.flatMap(
    ({ rules }) =>
      rules.flatMap(({ record }) => (record === undefined ? [] : [[record, []] as const])),
  ),
]);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}
