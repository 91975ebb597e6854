import { describe, expect, it } from 'vitest';
import { readmeWith } from './client-table.ts';

const readme = (...lines: readonly string[]) =>
  ['Before.', '<!-- clients -->', '', ...lines, '', '<!-- end of clients -->', 'After.'].join('\n');

const step = (client: string, version: string, operation: string, result = 'right') => ({
  client,
  version,
  operation,
  result,
});

const written = readme(
  '| operation | CLI 1 2.0 | boto3 1.0 |',
  '| --- | --- | --- |',
  '| Put | right |  |',
  '| Get | right | right |',
);

describe('the table of clients', () => {
  it('has a row for each operation and a column for each client', () => {
    const steps = [
      step('CLI 1', '2.0', 'Put'),
      step('CLI 1', '2.0', 'Get'),
      step('boto3', '1.0', 'Get'),
    ];
    expect(readmeWith(readme(), steps)).toBe(written);
    expect(readmeWith(written, steps)).toBe(written);
  });

  it('keeps the columns of clients that did not run', () => {
    expect(readmeWith(written, [step('boto3', '1.0', 'Get')])).toBe(written);
  });

  it('replaces every column of a client that ran, whatever its version', () => {
    const steps = [step('CLI 1', '3.0', 'List'), step('CLI 1', '1.0', 'Get', 'no answer')];
    const wanted = readme(
      '| operation | CLI 1 1.0 | CLI 1 3.0 | boto3 1.0 |',
      '| --- | --- | --- | --- |',
      '| Get | wrong |  | right |',
      '| List |  | right |  |',
    );
    expect(readmeWith(written, steps)).toBe(wanted);
  });

  it('rejects a step done twice, and a README without a place for it', () => {
    const once = step('boto3', '1.0', 'Get');
    expect(() => readmeWith(written, [once, once])).toThrow('boto3 1.0 did "Get" twice');
    expect(() => readmeWith('Nothing.', [once])).toThrow('lacks <!-- clients -->');
  });
});
