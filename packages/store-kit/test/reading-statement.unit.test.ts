import { describe, expect, it } from 'vitest';
import { QueryRefusedError } from '../src/errors.ts';
import { readingStatement } from '../src/reading-statement.ts';

describe('readingStatement', () => {
  it.each([
    'SELECT 1',
    '-- what\nSELECT 1',
    '/* what */ with a AS (SELECT 1) SELECT * FROM a',
    '(SELECT 1)',
    'SHOW TABLES FROM "a"',
    'describe "a"."b"',
  ])('accepts %s', (statement) => expect(readingStatement(`${statement};`)).toBe(statement));

  it.each([
    "UNLOAD (SELECT 1) TO 's3://b'",
    '/* SELECT */ UNLOAD (SELECT 1)',
    '-- SELECT\nDROP TABLE a',
    '',
    'SELECTED',
  ])('rejects %s', (statement) =>
    expect(() => readingStatement(statement)).toThrow(QueryRefusedError),
  );
});
