import { describe, expect, it } from 'vitest';
import { refuseDescription } from '../src/reading/refuse-description.ts';

describe('refuseDescription', () => {
  it.each([
    'DESCRIBE raw',
    'desc table metrics.raw',
    'DESCRIBE `my database`."my table" -- why',
    'DESCRIBE (SELECT 1)',
    "SELECT * FROM file('x')",
    'SELECT description(1)',
  ])('lets %s through', (statement) => {
    expect(() => refuseDescription(statement)).not.toThrow();
  });

  it.each([
    "DESCRIBE file('/etc/passwd')",
    "desc/**/table url ('http://169.254.169.254/')",
    "DESCRIBE # a comment\n file('/etc/passwd')",
    "DESCRIBE\n`file`('/etc/passwd')",
    "(DESCRIBE file('/etc/passwd'))",
    'DESCRIBE raw SETTINGS readonly = 0',
  ])('refuses %s', (statement) => {
    expect(() => refuseDescription(statement)).toThrow('only for a table or a query');
  });
});
