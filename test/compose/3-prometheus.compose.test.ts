import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docker, root } from './compose.ts';
import { containers, serviceOf } from './containers.ts';
import { alertsFired, query, within } from './prometheus.ts';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

describe('Prometheus', () => {
  it('finds every replica of every service', async () => {
    const running = (await containers()).filter(({ State }) => State.Status === 'running');
    // These are foreign, and show no figures.
    const foreign = ['dynamodb-local', 'postgres'];
    const wanted = running.map(serviceOf).filter((name) => !foreign.includes(name));
    const up = async () =>
      (await query('up == 1')).map(({ labels }) => labels['job'] ?? '').toSorted();
    await expect.poll(up, within(30_000)).toEqual(wanted.toSorted());
  });

  it('passes the test of every alert', async () => {
    const rules = `${join(root, 'infra/prometheus')}:/etc/prometheus:ro`;
    const promtool = ['run', '--rm', '--volume', rules, '--entrypoint', 'promtool'];
    const test = ['test', 'rules', '/etc/prometheus/tests/alerts.test.yml'];
    expect(await docker(...promtool, 'prom/prometheus:v2.53.3', ...test)).toContain('SUCCESS');
  });

  // Goal: no panel is empty because its query is wrong. Method: send every query of every panel to
  // the running stack. Queries that count rare events are written to return 0.
  it('answers every query of the dashboard', async () => {
    const file = join(root, 'infra/grafana/dashboards/pipeline.json');
    const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
    const queries = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', '1m') })),
    );
    expect(queries.length).toBeGreaterThan(40);
    const empty = async () => {
      const answers = await Promise.all(queries.map(({ expr }) => query(expr)));
      return queries.filter((_, index) => !answers[index]?.some(({ value }) => value >= 0));
    };
    await expect.poll(empty, within(60_000)).toEqual([]);
  });

  it('has no firing alert while everything works', async () => {
    expect(await alertsFired('10m')).toEqual([]);
  });
});
