import { expect, it } from 'vitest';
import { rightsAdvice } from '../src/index.ts';

it.each(['AccessDeniedException', 'AccessDenied'])('%s is advised on, as AWS names it', (name) => {
  expect(rightsAdvice(name)).toContain('infra/aws/rights.json');
});

it.each(['KMSAccessDeniedException', 'ThrottlingException', 'Error'])(
  '%s is no matter of these rights',
  (name) => {
    expect(rightsAdvice(name)).toBe('');
  },
);
