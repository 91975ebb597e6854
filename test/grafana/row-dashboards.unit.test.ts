import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { panelStatements, readRowDashboard } from './row-dashboards.ts';

// Goal: whichever store is used, Grafana shows the same. Method: compare the three dashboards with each
// other, and with the data sources that are provisioned.

const provisioning = '../../infra/grafana/provisioning/datasources/highwater.yml';
const { datasources } = parse(readFileSync(new URL(provisioning, import.meta.url), 'utf8')) as {
  readonly datasources: readonly {
    readonly uid: string;
    readonly type: string;
    readonly user?: string;
    readonly jsonData: Readonly<Record<string, unknown>>;
  }[];
};
const engines = ['timestream', 'postgres', 'clickhouse'] as const;

describe.each(engines)('the dashboard of rows in %s', (engine) => {
  const dashboard = readRowDashboard(engine);

  it('has the same panels and choices as the others', () => {
    const shape = ({ panels, templating }: typeof dashboard) => ({
      panels: panels.map(({ title, type }) => [title, type]),
      choices: templating.list,
    });
    expect(shape(dashboard)).toEqual(shape(readRowDashboard('timestream')));
  });

  it('asks the data source of this store only, which is provisioned', () => {
    const used = dashboard.panels.flatMap(({ datasource, targets }) => [
      datasource,
      ...targets.map((target) => target.datasource),
    ]);
    const source = datasources.find(({ uid }) => uid === engine);
    expect(new Set(used.map(({ uid, type }) => `${uid} ${type}`))).toEqual(
      new Set([`${engine} ${source?.type}`]),
    );
  });

  it('uses no macro or choice that the tests do not replace', () => {
    const choice = { measure: 'm', dimension: 'd', fromMs: 0, toMs: 1 };
    const statements = [...panelStatements(engine, choice).values()];
    expect(statements).toHaveLength(dashboard.panels.length);
    expect(statements.filter((text) => text === '' || /\$\{|\$__/.test(text))).toEqual([]);
  });
});

describe('the data sources', () => {
  it.each(['postgres', 'clickhouse'])('connects to %s as a user that only reads', (uid) => {
    const source = datasources.find((each) => each.uid === uid);
    expect(source?.user ?? source?.jsonData['username']).toBe('highwater_reader');
  });
});
