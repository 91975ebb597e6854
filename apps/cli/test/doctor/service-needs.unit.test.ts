import { loadConfig } from '@highwater/service';
import { describe, expect, it } from 'vitest';
import { checkViewsFile } from '../../src/doctor/check-views.ts';
import { doctorConfig } from '../../src/doctor/doctor-config.ts';
import { needsOf } from '../../src/doctor/service-needs.ts';

const names = {
  HW_RAW_STREAM: 'in',
  HW_RESULTS_STREAM: 'out',
};
const config = loadConfig(doctorConfig, names);
const views = { hasViews: true, hasDeadLetters: true };

describe('a service needs', () => {
  it.each([
    { service: 'generator', needs: { puts: 'in' } },
    { service: 'aggregator', needs: { reads: 'in', puts: 'out', ...views } },
    { service: 'raw-writer', needs: { reads: 'in', writesTables: ['raw'], hasDeadLetters: true } },
    {
      service: 'upsert-writer',
      needs: { reads: 'out', writesTables: ['views', 'corrections'], ...views },
    },
    { service: 'dashboard', needs: { queriesTables: ['raw', 'views', 'corrections'] } },
  ] as const)('$needs: the $service', ({ service, needs }) => {
    expect(needsOf(service, config)).toEqual({ service, ...needs });
  });

  it('no table of corrections if none are published', () => {
    const none = loadConfig(doctorConfig, {
      ...names,
      HW_UPSERT_WRITER_CORRECTIONS_PER_SECOND_MAX: '0',
    });
    expect(needsOf('upsert-writer', none).writesTables).toEqual(['views']);
    expect(needsOf('dashboard', none).queriesTables).toEqual(['raw', 'views']);
  });

  it('no views file', async () => {
    expect(await checkViewsFile(undefined)).toEqual([
      {
        what: 'views',
        verdict: 'ok',
        found: 'HW_VIEWS is not set: Highwater computes five-minute averages',
      },
    ]);
  });
});
