import { describe, expect, it } from 'vitest';
import { redact, redactFields } from '../src/redact.ts';

describe('redact', () => {
  it.each([
    { name: 'HW_STORE_PASSWORD', value: 'x', shown: '***' },
    { name: 'HW_INFLUX_TOKEN', value: 'x', shown: '***' },
    { name: 'AWS_SECRET_ACCESS_KEY', value: 'x', shown: '***' },
    { name: 'HW_STORE_TOKEN', value: undefined, shown: undefined },
    {
      name: 'HW_STORE_URL',
      value: 'postgres://me:hunter2@host/db',
      shown: 'postgres://me:***@host/db',
    },
    { name: 'HW_STORE_URL', value: 'http://host:80/a@b', shown: 'http://host:80/a@b' },
    { name: 'HW_SIZE_BYTES', value: 3, shown: 3 },
  ])('shows $name=$value as $shown', ({ name, value, shown }) => {
    expect(redact(name, value)).toBe(shown);
  });

  it('redacts inside objects and lists, and leaves errors to their own serializer', () => {
    const err = new Error('x');
    const fields = { config: { HW_TOKEN: 'x', urls: ['http://a:b@c'] }, count: 3, err };
    expect(redactFields(fields)).toEqual({
      config: { HW_TOKEN: '***', urls: ['http://a:***@c'] },
      count: 3,
      err,
    });
  });
});
