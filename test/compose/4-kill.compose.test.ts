import { describe, expect, it } from 'vitest';
import { compose, docker } from './compose.ts';
import { containers } from './containers.ts';
import { expectSettledRows } from './rows.ts';

describe('a reader that is killed', () => {
  it('has lost nothing when it is started again', async () => {
    expect.hasAssertions();
    for (const service of ['aggregator', 'raw-writer', 'upsert-writer']) {
      const [container] = await containers(service);
      await docker('kill', '--signal', 'KILL', container?.Id ?? '');
      await compose('up', '--detach', '--wait', '--no-build', '--no-deps', service);
    }
    await expectSettledRows();
  });
});
