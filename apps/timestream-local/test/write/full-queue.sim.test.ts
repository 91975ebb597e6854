import { describe, expect, it } from 'vitest';
import { Store } from '../../src/store/store.ts';
import { originNs } from './arbitrary-requests.ts';
import { writingOn } from './writing.ts';

const nowMs = Number(originNs / 1_000_000n);

describe('records that wait for the disk', () => {
  // Goal: their number is limited, and nothing is lost by it. Method: the connection is blocked
  // while more requests arrive than may wait. Throttled requests are sent again, like an SDK does.
  it('are limited to 100,000; further requests are throttled until there is space', async () => {
    await using store = await Store.open({
      path: undefined,
      memoryBytesMax: 2 ** 30,
      isStrict: false,
    });
    const write = await writingOn(store, () => nowMs);
    const held = Promise.withResolvers<void>();
    const holding = store.exclusively(() => held.promise);
    const send = (request: number) =>
      write({
        DatabaseName: 'dbx',
        TableName: 'short',
        CommonAttributes: { MeasureName: 'cpu', Dimensions: [{ Name: 'host', Value: 'a' }] },
        Records: Array.from({ length: 100 }, (_, at) => ({
          MeasureValue: '1',
          Time: String(nowMs - request * 100 - at),
        })),
      });
    const waiting = Array.from({ length: 1000 }, (_, request) => send(request));
    await expect(send(1000)).rejects.toMatchObject({ name: 'ThrottlingException', status: 429 });
    held.resolve();
    await holding;
    await Promise.all(waiting);
    expect(await send(1000)).toMatchObject({ RecordsIngested: { Total: 100 } });
    const connection = await store.connect();
    const rows = await connection.run('SELECT count(*) FROM rows_1');
    expect(await rows.getRows()).toEqual([[100_100n]]);
    connection.closeSync();
  });
});
