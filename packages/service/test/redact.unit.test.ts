import { describe, expect, it } from 'vitest';
import { redactConfig } from '../src/redact.ts';

describe('redactConfig', () => {
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
    expect(redactConfig({ [name]: value })).toEqual({ [name]: shown });
  });
});
