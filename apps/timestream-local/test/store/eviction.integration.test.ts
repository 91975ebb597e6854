import { UpdateTableCommand } from '@aws-sdk/client-timestream-write';
import { SimulatedClock } from '@highwater/testkit';
import { describe, expect, it } from 'vitest';
import { noonMs, point, startFixture } from '../fixture.ts';

const hourMs = 3_600_000;

describe('rows that a table no longer retains', () => {
  it('are deleted within the hour, with their series, and nothing else is', async () => {
    const clock = new SimulatedClock();
    let nowMs = noonMs;
    await using server = await startFixture({ clock, retentionClock: () => nowMs });
    const retention = {
      MemoryStoreRetentionPeriodInHours: 6,
      MagneticStoreRetentionPeriodInDays: 1,
    };
    await server.clients.write.send(
      new UpdateTableCommand({
        DatabaseName: 'dbx',
        TableName: 'tab',
        RetentionProperties: retention,
      }),
    );
    const of = (host: string, ageHours: number) =>
      point('1', {
        Dimensions: [{ Name: 'host', Value: host }],
        Time: String(noonMs - ageHours * hourMs),
      });
    await server.write([of('gone', 6), of('both', 6), of('both', 0)]);
    const rows = () => server.query('SELECT host, time FROM "dbx"."tab" ORDER BY time, host');

    // Nothing is old enough yet: 6 hours, a day and an hour of slack.
    nowMs = noonMs + 25 * hourMs;
    await clock.advance(hourMs);
    expect(await rows()).toHaveLength(3);

    nowMs += 1;
    await clock.advance(hourMs);
    await expect.poll(rows).toEqual([['both', '2024-03-10 12:00:00.000000000']]);

    const young = (host: string) => ({ ...of(host, 0), Time: String(nowMs) });
    expect(await server.write([young('gone'), young('both')])).toMatchObject({ status: 200 });
    expect((await rows()).map(([host]) => host)).toEqual(['both', 'both', 'gone']);
  });

  it('are deleted an hour later when it fails', async () => {
    const clock = new SimulatedClock();
    let nowMs = noonMs;
    const failing = { is: false };
    const retentionClock = () => {
      if (failing.is) throw new Error('no clock');
      return nowMs;
    };
    await using server = await startFixture(
      { clock, retentionClock },
      {
        RetentionProperties: {
          MemoryStoreRetentionPeriodInHours: 1,
          MagneticStoreRetentionPeriodInDays: 1,
        },
      },
    );
    await server.write([point('1')]);
    nowMs += 48 * hourMs;
    failing.is = true;
    await clock.advance(hourMs);
    failing.is = false;
    await clock.advance(hourMs);
    await expect.poll(() => server.query('SELECT count(*) FROM "dbx"."tab"')).toEqual([['0']]);
  });
});
