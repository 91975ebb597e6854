import { describe, expect, it } from 'vitest';
import { renderLogLine } from '../src/service-log.ts';

describe('renderLogLine', () => {
  it('makes a log line readable', () => {
    const line = JSON.stringify({
      level: 'error',
      time: '2026-11-22T09:01:43.123Z',
      name: 'aggregator',
      shardId: 'shardId-0',
      err: { message: 'calling GetRecords: socket hang up', stack: 'Error: …' },
      msg: 'Reading failed.',
    });
    expect(renderLogLine(line)).toBe(
      '09:01:43 error Reading failed. calling GetRecords: socket hang up shardId="shardId-0"',
    );
  });

  it.each(['    at file.ts:3:4', '{"half":', '{"no":"message"}', ''])(
    'leaves %j unchanged',
    (line) => {
      expect(renderLogLine(line)).toBe(line);
    },
  );
});
