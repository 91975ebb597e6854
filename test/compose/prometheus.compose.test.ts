import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docker, root } from './compose.ts';
import { containers, serviceOf } from './containers.ts';
import { eventually } from './eventually.ts';
import { alerts, query } from './prometheus.ts';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}

describe('Prometheus', () => {
  it('finds every replica of every service', async () => {
    const running = (await containers()).filter(({ State }) => State.Status === 'running');
    const wanted = running.map(serviceOf).toSorted();
    await eventually('every container is up', 30_000, async () => {
      const up = (await query('up == 1')).map(({ labels }) => labels['job'] ?? '');
      return up.toSorted().join() === wanted.join();
    });
  });

  it('passes the test of every alert', async () => {
    const rules = `${join(root, 'infra/prometheus')}:/etc/prometheus:ro`;
    const promtool = ['run', '--rm', '--volume', rules, '--entrypoint', 'promtool'];
    const test = ['test', 'rules', '/etc/prometheus/tests/alerts.test.yml'];
    await docker(...promtool, 'prom/prometheus:v2.53.3', ...test);
  });

  // Goal: no panel is empty for its query being wrong. Method: every query of every panel, asked of
  // the running stack; what counts rare happenings is written so that it answers with 0.
  it('answers every query of the dashboard', async () => {
    const file = join(root, 'infra/grafana/dashboards/pipeline.json');
    const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
    const queries = panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', '1m') })),
    );
    expect(queries.length).toBeGreaterThan(40);
    for (const { title, expr } of queries) {
      await eventually(`the panel "${title}" shows something: ${expr}`, 60_000, async () => {
        const samples = await query(expr);
        return samples.some(({ value }) => !Number.isNaN(value));
      });
    }
  });

  it('has no alert firing while all is well', async () => {
    await eventually('no alert fires', 60_000, async () => (await alerts('firing')).length === 0);
  });
});
