import { storeAddressSettings } from '@highwater/settings';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// Goal: what .env.example says about each store of the stack works. Method: compare its lines with the
// compose file, and read them as the services do.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Service {
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly deploy?: { readonly replicas?: string };
  readonly depends_on?: Readonly<
    Record<string, { readonly condition: string; readonly required?: boolean }>
  >;
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};

/** The commented lines of each store: three in a row. */
const advised = [
  ...read('.env.example').matchAll(
    /^# {3}COMPOSE_PROFILES=(.+)\n# {3}STORE=(.+)\n# {3}TIMESTREAM_REPLICAS=0$/gm,
  ),
].map(([, profile = '', store = '']) => ({ profile, store }));

/** The same lines in docs/containers.md, and what its text says of the other store. */
const page = read('docs/containers.md');
const shown = [
  ...page.matchAll(
    /^COMPOSE_PROFILES=(.+)\nSTORE=(.+)\nTIMESTREAM_REPLICAS=0$|`COMPOSE_PROFILES=(.+?)` and `STORE=(.+?)`/gm,
  ),
].map(([, profile, store, otherProfile, otherStore]) => ({
  profile: profile ?? otherProfile,
  store: store ?? otherStore,
}));

describe('the stores of the stack', () => {
  it('are PostgreSQL and ClickHouse, beside Timestream', () => {
    expect(advised.map(({ profile }) => profile)).toEqual(['postgres', 'clickhouse']);
    expect(shown).toEqual(advised);
    expect(services['timestream-local']?.deploy?.replicas).toBe('${TIMESTREAM_REPLICAS:-1}');
  });

  it.each(advised)('$profile is the service that its URL names', ({ profile, store }) => {
    const address = storeAddressSettings.HW_STORE.parse(store);
    expect(address).toMatchObject({ engine: profile, host: profile, user: 'highwater' });
    expect(services[profile]?.profiles).toEqual([profile]);
  });

  it.each(advised)('$profile is waited for where it is used', ({ profile }) => {
    const condition = { condition: 'service_healthy', required: false };
    expect(services['setup']?.depends_on?.[profile]).toEqual(condition);
  });

  it('have one password, which every user of a store has', () => {
    const password = '${STORE_PASSWORD:-highwater}';
    const users = Object.entries(services).filter(
      ([, { environment = {} }]) => 'HW_STORE' in environment,
    );
    expect(users.map(([name]) => name).toSorted()).toEqual([
      'dashboard',
      'raw-writer',
      'setup',
      'upsert-writer',
    ]);
    for (const [, { environment }] of users) {
      expect(environment).toMatchObject({ HW_STORE_PASSWORD: password });
    }
    expect(services['postgres']?.environment).toMatchObject({ POSTGRES_PASSWORD: password });
    expect(services['clickhouse']?.environment).toMatchObject({ CLICKHOUSE_PASSWORD: password });
    expect(services['grafana']?.environment).toMatchObject({ STORE_PASSWORD: password });
  });

  it('have no password of the stack on AWS', () => {
    const text = read('infra/docker/compose.aws.yml');
    const users = Object.values(services).filter(
      ({ environment = {} }) => 'HW_STORE' in environment,
    );
    const removed = text.match(/^ {6}HW_STORE_PASSWORD: !reset null$/gm) ?? [];
    expect(removed).toHaveLength(users.length);
  });

  it.each(['infra/postgres/roles.sql', 'infra/clickhouse/users.xml'])(
    '%s has a user for the pipeline, and one that only reads',
    (path) => {
      const text = read(path);
      expect(text).toMatch(/\bhighwater\b/);
      expect(text).toMatch(/\bhighwater_reader\b/);
      expect(text).toMatch(/grant select on/i);
    },
  );
});
