import { SimulatedClock } from '@highwater/testkit';
import { expect, it } from 'vitest';
import { CopyProgress } from '../../src/copy/copy-progress.ts';

const range = { table: 'views', startMs: Date.UTC(2026, 10, 28, 10), endMs: 0 } as const;

function progressOf(isTTY: boolean) {
  const clock = new SimulatedClock(0);
  let shown = '';
  const screen = { isTTY, write: (text: string) => (shown += text) };
  const progress = new CopyProgress({ clock, screen, totalRows: 100_000 });
  return { clock, progress, shown: () => shown };
}

it('shows rows, their rate in this run, and what is left, every ten seconds', async () => {
  const { clock, progress, shown } = progressOf(false);
  progress.skip(50_000);
  progress.beginRange();
  await clock.advance(9_000);
  progress.wrote(range, 5_000);
  expect(shown()).toBe('');
  await clock.advance(1_000);
  progress.wrote(range, 5_000);
  expect(shown()).toBe(
    'views 2026-11-28 10:00: 60,000 of 100,000 rows, 1,000 rows/s, about 40 s left\n',
  );
});

it('counts the rows of a range once, however often it was begun', async () => {
  const { clock, progress, shown } = progressOf(false);
  progress.beginRange();
  progress.wrote(range, 10_000);
  progress.beginRange();
  await clock.advance(10_000);
  progress.wrote(range, 10_000);
  expect(shown()).toContain('10,000 of 100,000 rows');
});

it('writes over its line on a terminal, and keeps notes', async () => {
  const { clock, progress, shown } = progressOf(true);
  await clock.advance(500);
  progress.wrote(range, 500);
  progress.note('trying again');
  progress.end();
  const line = 'views 2026-11-28 10:00: 500 of 100,000 rows, 1,000 rows/s, about 100 s left';
  expect(shown()).toBe(`\r${line}\u001b[K\r\u001b[Ktrying again\n`);
});
