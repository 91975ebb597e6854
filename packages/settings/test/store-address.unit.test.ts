import { describe, expect, it } from 'vitest';
import { settings } from '../src/index.ts';

const read = (url: string | undefined) => settings.HW_STORE.safeParse(url);
const problemsOf = (url: string) => read(url).error?.issues.map(({ message }) => message) ?? [];

describe('the URL of a store', () => {
  it.each([
    [undefined, { engine: 'timestream', database: 'highwater', table: 'metrics' }],
    // Names of Timestream have upper case, which a host name would lose.
    ['timestream://Fleet/Rows.1', { engine: 'timestream', database: 'Fleet', table: 'Rows.1' }],
    [
      'postgres://hw@db.example/metrics',
      {
        engine: 'postgres',
        host: 'db.example',
        port: 5432,
        database: 'metrics',
        user: 'hw',
        schema: 'highwater',
        tls: 'off',
        auth: 'password',
      },
    ],
    [
      'postgresql://a%40b@[::1]:6000/m?tls=verify-full&tls_ca=/etc/ca.pem&schema=iot',
      {
        engine: 'postgres',
        host: '::1',
        port: 6000,
        database: 'm',
        user: 'a@b',
        schema: 'iot',
        tls: 'verify-full',
        tlsCaFile: '/etc/ca.pem',
        auth: 'password',
      },
    ],
    [
      'clickhouse://default@ch.example/hw',
      {
        engine: 'clickhouse',
        host: 'ch.example',
        port: 8123,
        database: 'hw',
        user: 'default',
        tls: 'off',
      },
    ],
    [
      'clickhouse://default@ch.example/hw?tls=require',
      {
        engine: 'clickhouse',
        host: 'ch.example',
        port: 8443,
        database: 'hw',
        user: 'default',
        tls: 'require',
      },
    ],
  ])('is read: %s', (url, address) => {
    expect(read(url).data).toEqual(address);
  });

  it('turns TLS on where IAM needs it', () => {
    const address = read('postgres://hw@db.example/metrics?auth=iam').data;
    expect(address).toMatchObject({ auth: 'iam', tls: 'verify-full' });
    expect(read('postgres://hw@db.example/m?auth=iam&tls_ca=ca.pem').data).toMatchObject({
      tls: 'verify-full',
      tlsCaFile: 'ca.pem',
    });
  });

  it.each(['off', 'require'])('sends no token of IAM to an unchecked server: tls=%s', (tls) => {
    expect(problemsOf(`postgres://hw@db.example/metrics?auth=iam&tls=${tls}`)).toEqual([
      'uses auth=iam, which needs tls=verify-full',
    ]);
  });

  it.each([
    'postgres://hw@db.example/m?tls_ca=ca.pem',
    'postgres://hw@db.example/m?tls=require&tls_ca=ca.pem',
    'clickhouse://hw@db.example/m?tls_ca=ca.pem',
    'clickhouse://hw@db.example/m?tls=off&tls_ca=ca.pem',
  ])('names certificates only where they are checked: %s', (url) => {
    expect(problemsOf(url)).toEqual(['has a tls_ca, which needs tls=verify-full']);
  });

  it.each([
    ['a user', 'postgres://us%er@db.example/m'],
    ['a database', 'clickhouse://hw@db.example/m%zz'],
    ['a host', 'postgres://hw@db%ff/m'],
  ])('is rejected when %s is encoded wrongly', (what, url) => {
    expect(problemsOf(url)).toEqual([
      `has ${what} with a % that does not encode a character; write %25 for a %`,
    ]);
    expect(settings.HW_LOCAL_STORE.safeParse(url).success).toBe(false);
  });

  it.each([
    ['mysql://hw@db/m', /must begin with timestream:\/\/, postgres:\/\/, or clickhouse:\/\//],
    ['highwater', /is not a URL of a store/],
    ['timestream://highwater', /needs a table/],
    ['timestream://highwater/metrics/more', /nothing more/],
    ['postgres://db.example/m', /needs a user/],
    ['postgres://hw@db.example', /needs a database/],
    ['postgres://hw@db.example/m?sslmode=require', /unknown option sslmode/],
    ['postgres://hw@db.example/m?tls=yes', /tls that is not off, require, verify-full/],
    ['postgres://hw@db.example/m?schema=A-b', /schema/],
  ])('is rejected with a reason: %s', (url, reason) => {
    expect(problemsOf(url).join()).toMatch(reason);
  });

  it('may not contain a password, and the message does not repeat it', () => {
    const problems = problemsOf('postgres://hw:geheim@db.example/m');
    expect(problems).toEqual([
      'contains a password, which belongs in a setting such as HW_STORE_PASSWORD, or in a file',
    ]);
  });
});
