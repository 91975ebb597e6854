import { decodeRecord } from '@highwater/model';
import {
  defaultViewsFile,
  OpenRows,
  foldPlaced,
  parseViews,
  WindowOperator,
} from '@highwater/windowing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKinesisLocal, type KinesisLocal } from '../../apps/kinesis-local/src/index.ts';
import { decodeCbor } from '../../apps/kinesis-local/src/wire/decode-cbor.ts';
import { startFixture, type Fixture } from '../../apps/timestream-local/test/fixture.ts';

const cleanUp = new AsyncDisposableStack();
let kinesis: KinesisLocal;
let timestream: Fixture;

beforeAll(async () => {
  kinesis = cleanUp.use(await startKinesisLocal({ port: 0 }));
  timestream = cleanUp.use(await startFixture());
});
afterAll(() => cleanUp.disposeAsync());

const json = 'application/x-amz-json-1.1';
const cbor = 'application/x-amz-cbor-1.1';

async function call(operation: string, type: string, body: string | Uint8Array<ArrayBuffer>) {
  const headers = { 'content-type': type, 'x-amz-target': `Kinesis_20131202.${operation}` };
  const response = await fetch(kinesis.url, { method: 'POST', headers, body });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** The names that mean something to every object. */
const oddNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('a body that is nested too deeply or claims too much', () => {
  it.each([
    ['200,000 lists', json, '['.repeat(200_000) + ']'.repeat(200_000)],
    ['500,000 objects', json, '{"Limit":'.repeat(500_000) + '1' + '}'.repeat(500_000)],
    ['100,000 lists in CBOR', cbor, Buffer.alloc(100_000, 0x81)],
    ['a list of 2^64 elements', cbor, Buffer.from('9bffffffffffffffff', 'hex')],
    ['a map of 2^32 members', cbor, Buffer.from('bbffffffff00000000', 'hex')],
    ['a text of 2^63 bytes', cbor, Buffer.from('7b7fffffffffffffff', 'hex')],
    ['a key that is no text', cbor, Buffer.from('a1a100f600', 'hex')],
    ['more behind its end', cbor, Buffer.from('a000', 'hex')],
  ])('is rejected, and the next one is answered: %s', async (_, type, body) => {
    const refused = await call('ListStreams', type, body);
    expect(refused.status).toBe(400);
    expect(refused.bytes.length).toBeLessThan(1_000);
    expect((await call('ListStreams', json, '{}')).status).toBe(200);
  });
});

describe('a name that every JavaScript object has', () => {
  it.each([json, cbor])('is an ordinary name to kinesis-local: %s', async (type) => {
    for (const [at, name] of oddNames.entries()) {
      const stream = `s.${name}.${at}.${type === json ? 'j' : 'c'}`;
      const create = `{"StreamName":"${stream}","ShardCount":1,"Tags":{"${name}":"v"},"__proto__":{"ShardCount":9}}`;
      expect((await call('CreateStream', json, create)).status).toBe(200);
      expect(kinesis.account.stream(stream).shards.length).toBe(1);
      const body = type === json ? `{"StreamName":"${stream}"}` : cborOf('StreamName', stream);
      const { bytes } = await call('ListTagsForStream', type, body);
      const reply = type === json ? JSON.parse(bytes.toString()) : decodeCbor(bytes);
      expect(reply).toMatchObject({ Tags: [{ Key: name, Value: 'v' }] });
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('is an ordinary name to a point, a view row, and a row of the store', async () => {
    for (const name of oddNames) {
      const timeMs = Date.UTC(2024, 2, 10, 12);
      const text = `{"MeasureName":"${name}","MeasureValue":"2","Time":"${timeMs}","${name}":"${name}"}`;
      const [decoded] = decodeRecord(Buffer.from(text));
      if (!decoded?.ok) throw new Error(`${name} is the name of a dimension`);
      expect(decoded.point.series.dimensions).toEqual([{ name, value: name }]);
      const views = parseViews(defaultViewsFile);
      const operator = new WindowOperator({
        views,
        source: 's',
        outOfOrdernessMs: 0,
        maxFutureSkewMs: 0,
      });
      operator.add(decoded.point, { sequenceNumber: '1', arrivalTimeMs: timeMs });
      const [partial] = operator.fire('idle', Number.POSITIVE_INFINITY);
      const [view] = views;
      if (!partial || !view) throw new Error('a point makes a row');
      const [row] = foldPlaced(new OpenRows().join(view, partial)).rows;
      expect(row).toMatchObject({ measureName: `avg_${name}`, measureValue: '2' });
      const written = await timestream.write([
        {
          Dimensions: row?.dimensions.map((each) => ({ Name: each.name, Value: each.value })),
          MeasureName: row?.measureName,
          MeasureValue: row?.measureValue,
          MeasureValueType: 'DOUBLE',
          Time: String(timeMs),
        },
      ]);
      expect(written.status).toBe(200);
      const query = `SELECT "${name}", measure_name FROM "dbx"."tab" WHERE "${name}" = '${name}'`;
      expect(await timestream.query(query)).toEqual([[name, `avg_${name}`]]);
    }
  });
});

/** A map of one text. */
function cborOf(name: string, value: string): Buffer<ArrayBuffer> {
  const text = (each: string) => Buffer.from([0x78, each.length, ...Buffer.from(each)]);
  return Buffer.concat([Buffer.from([0xa1]), text(name), text(value)]);
}
