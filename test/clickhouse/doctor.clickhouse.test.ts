import { loadConfig, systemClock } from '@highwater/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeChecks } from '../../apps/cli/src/doctor/check-store.ts';
import { doctorConfig } from '../../apps/cli/src/doctor/doctor-config.ts';
import { openTable, password } from './clickhouse-fixture.ts';
import { temporaryEngine, type TemporaryEngine } from './temporary-engine.ts';

const tables = ['raw', 'views', 'corrections'] as const;
let engine: TemporaryEngine;

beforeAll(async () => {
  engine = await temporaryEngine();
});
afterAll(() => engine[Symbol.asyncDispose]());

/** Verdict and subject of every check of the store, with what was found. */
async function findingsOf(settings: Readonly<Record<string, string>> = {}) {
  const store = {
    HW_STORE: `clickhouse://default@127.0.0.1:${engine.port}/highwater`,
    HW_STORE_PASSWORD: password,
  };
  const config = loadConfig(doctorConfig, { ...store, ...settings });
  const checks = storeChecks(config, { written: tables, queried: tables }, systemClock);
  const { signal } = new AbortController();
  const findings = await Promise.all(checks.map(({ run }) => run(signal)));
  return findings.flat().map(({ verdict, what, found }) => ({ line: `${verdict} ${what}`, found }));
}

const all = (verdict: string) =>
  ['table raw', 'table views', 'table corrections'].map((what) => `${verdict} ${what}`);

describe('highwater doctor on ClickHouse', () => {
  it('says that the services will make what is missing, and then finds no problem', async () => {
    const before = await findingsOf();
    expect(before.map(({ line }) => line)).toEqual([...all('warn'), 'ok queries']);
    const strict = await findingsOf({ HW_STORE_CREATE: 'false' });
    expect(strict.map(({ line }) => line)).toEqual([...all('fail'), 'ok queries']);
    for (const table of tables) await (await openTable(engine, table))[Symbol.asyncDispose]();
    const after = await findingsOf();
    expect(after.map(({ line }) => line)).toEqual([...all('ok'), 'ok queries']);
  });

  it('names a wrong password, and a server that is away', async () => {
    const wrong = await findingsOf({ HW_STORE_PASSWORD: 'wrong' });
    expect(wrong.map(({ line }) => line)).toEqual([...all('fail'), 'fail queries']);
    const away = await findingsOf({ HW_STORE: 'clickhouse://default@127.0.0.1:1/highwater' });
    for (const { line, found } of away) {
      expect(line).toMatch(/^fail/);
      expect(found).toContain('ECONNREFUSED');
    }
  });
});
