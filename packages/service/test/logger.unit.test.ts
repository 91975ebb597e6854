import type { Clock } from '@highwater/model';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/index.ts';

function setUp(level = 'info') {
  const lines: Record<string, unknown>[] = [];
  let nowMs = 0;
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: async () => {},
  };
  const log = createLogger({
    name: 'tiny',
    level,
    clock,
    destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const pass = (durationMs: number) => {
    nowMs += durationMs;
  };
  return { lines, log, pass };
}

describe('createLogger', () => {
  it('writes level, ISO time, name, fields, and message', () => {
    const { lines, log } = setUp();
    log.info({ rowsCount: 3 }, 'Rows written.');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        name: 'tiny',
        rowsCount: 3,
        msg: 'Rows written.',
      },
    ]);
  });

  it('writes an error with its code and its cause', () => {
    const { lines, log } = setUp();
    const cause = new Error('socket hang up');
    log.error({ err: new Error('writing rows', { cause }) }, 'Writing failed.');
    const err = lines[0]?.['err'] as { message: string; stack: string };
    expect(err.message).toBe('writing rows: socket hang up');
    expect(err.stack).toContain('caused by: Error: socket hang up');
  });

  it('does not repeat a cause that the error already quotes', () => {
    const { lines, log } = setUp();
    const cause = new Error('no such file');
    log.error({ err: new Error('reading points: no such file', { cause }) }, 'Reading failed.');
    const err = lines[0]?.['err'] as { message: string; type: string };
    expect(err).toMatchObject({ type: 'Error', message: 'reading points: no such file' });
  });

  it('shows secrets as ***', () => {
    const { lines, log } = setUp();
    log.info({ token: 'hunter2', store: { password: 'hunter2' } }, 'Connecting.');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]?.['token']).toBe('***');
  });

  it('hides the password in a URL, even in the message of an error', () => {
    const { lines, log } = setUp();
    const err = new Error('connecting to postgres://me:hunter2@host/db', {
      cause: new Error('no answer from http://me:hunter2@host'),
    });
    log.error({ err, url: 'http://me:hunter2@host' }, 'Connecting failed.');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(JSON.stringify(lines)).toContain('postgres://me:***@host/db');
  });

  it('logs a message once per 10 s and counts the others', () => {
    const { lines, log, pass } = setUp();
    for (let attempt = 0; attempt < 5; attempt += 1) log.warn({ attempt }, 'Writing failed.');
    pass(9_999);
    log.warn({ attempt: 5 }, 'Writing failed.');
    pass(1);
    log.warn({ attempt: 6 }, 'Writing failed.');
    expect(lines.map(({ attempt, suppressed }) => ({ attempt, suppressed }))).toEqual([
      { attempt: 0, suppressed: undefined },
      { attempt: 6, suppressed: 5 },
    ]);
  });

  it('limits the same message about two shards separately', () => {
    const { lines, log } = setUp();
    log.info({ shardId: 'a' }, 'Acquired the lease.');
    log.info({ shardId: 'b' }, 'Acquired the lease.');
    log.info({ shardId: 'b' }, 'Acquired the lease.');
    expect(lines.map(({ shardId }) => shardId)).toEqual(['a', 'b']);
  });

  it('reports the suppressed lines at the end', () => {
    const { lines, log } = setUp();
    log.warn({}, 'Slow.');
    log.warn({}, 'Slow.');
    log.flush();
    log.flush();
    expect(lines.slice(1)).toEqual([
      expect.objectContaining({ held: [{ key: 'Slow.', suppressed: 1 }] }),
    ]);
  });

  it('does not limit debug lines, and omits them at level info', () => {
    const quiet = setUp('info');
    quiet.log.debug({}, 'Batch done.');
    expect(quiet.lines).toEqual([]);
    const loud = setUp('debug');
    loud.log.debug({}, 'Batch done.');
    loud.log.debug({}, 'Batch done.');
    expect(loud.lines).toHaveLength(2);
  });
});
