import { expect, it } from 'vitest';
import { rightsAdvice } from '../src/index.ts';

it.each(['AccessDeniedException', 'AccessDenied'])(
  'gives advice on %s, as AWS names it',
  (name) => {
    expect(rightsAdvice(name)).toContain('infra/aws/rights.json');
  },
);

it.each(['KMSAccessDeniedException', 'ThrottlingException', 'Error'])(
  'gives no advice on %s',
  (name) => {
    expect(rightsAdvice(name)).toBe('');
  },
);
