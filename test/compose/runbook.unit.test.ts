import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './compose.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: { readonly summary?: string; readonly runbook_url?: string };
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const rulesOf = (path: string) =>
  (parse(read(path)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);

const alerts = rulesOf('infra/prometheus/rules/alerts.yml');
const records = rulesOf('infra/prometheus/rules/service-levels.yml').map(({ record }) => record);
const names = alerts.map(({ alert }) => alert);

describe('the alerts', () => {
  it('say what is wrong, how bad it is, and where the runbook describes it', () => {
    const wrong = alerts.filter(
      ({ alert, labels, annotations }) =>
        !/^(warning|critical)$/.test(labels?.severity ?? '') ||
        !annotations?.summary ||
        annotations.runbook_url !== `docs/alerts.md#${alert?.toLowerCase()}`,
    );
    expect(wrong).toEqual([]);
  });

  it('each have a section in the runbook, and the runbook has no others', () => {
    const sections = [...read('docs/alerts.md').matchAll(/^## (Highwater\w+)$/gm)];
    expect(sections.map(([, name]) => name)).toEqual(names);
  });

  it('have the severity of their rule in the table at the top, and in their section', () => {
    const expected = alerts.map(({ alert, labels }) => `${alert} ${labels?.severity}`);
    const page = read('docs/alerts.md');
    const rows = page.matchAll(/^\| \[(Highwater\w+)\]\([^)]*\) +\| `(\w+)`/gm);
    expect([...rows].map(([, name, severity]) => `${name} ${severity}`)).toEqual(expected);
    const sections = page.matchAll(/^## (Highwater\w+)\n\n\*\*Severity\.\*\* `(\w+)`$/gm);
    expect([...sections].map(([, name, severity]) => `${name} ${severity}`)).toEqual(expected);
  });

  it('have a case each in which they fire', () => {
    const { tests } = parse(read('infra/prometheus/tests/alerts.test.yml')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const fired = tests
      .flatMap(({ alert_rule_test: cases }) => cases)
      .filter(({ exp_alerts: expected }) => expected.length > 0);
    expect(new Set(fired.map(({ alertname }) => alertname))).toEqual(new Set(names));
  });
});

describe('the runbook', () => {
  it('explains each reason for which requests to the store are repeated', () => {
    const help = /`sink_retries_total`.*by reason: (.+?)\. (?:.+ )?\|$/m.exec(
      read('docs/reference/metrics.md'),
    );
    const reasons = (help?.[1] ?? '').split(/, (?:or )?/);
    expect(reasons.length).toBeGreaterThan(5);
    const [, section = ''] =
      /^## HighwaterWriterRetrying$(.+?)^## /ms.exec(read('docs/alerts.md')) ?? [];
    expect(reasons.filter((reason) => !section.includes(`\`${reason}\``))).toEqual([]);
  });
});

describe('the service levels', () => {
  it('used by alerts and panels are recorded', () => {
    const text = `${read('infra/prometheus/rules/alerts.yml')}${read('infra/grafana/dashboards/pipeline.json')}`;
    const named = new Set([...text.matchAll(/highwater:\w+(?::\w+)?/g)].map(([name]) => name));
    expect([...named].filter((name) => !records.includes(name))).toEqual([]);
  });
});
