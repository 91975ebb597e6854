import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FuzzTotals } from './fuzz-totals.ts';
import type { SeedReport } from './fuzz-seed.ts';

// Fuzzes the readers of the raw stream for as long as you like, without a test runner: `npm run sim
// -- --fuzz --count 8000 --from 0`. Prints each seed with a finding, and the worst costs. The seeds
// run in a process with a small heap. A seed that ends or hangs it is also a finding.

const [count = 0, from = 0] = process.argv.slice(2).map(Number);
const heapMebibytesMax = 256;
const hangMs = 300_000;
const reportEvery = 100;
const slice = fileURLToPath(new URL('./run-slice.ts', import.meta.url));

const totals = new FuzzTotals();
for (let next = from; next < from + count;) next = await runFrom(next, from + count);
process.stdout.write(totals.describe());
process.exitCode = totals.findsCount > 0 ? 1 : 0;

/** @returns the next seed: after the one that has ended the process, or after the last */
async function runFrom(first: number, end: number): Promise<number> {
  const heap = `--max-old-space-size=${heapMebibytesMax}`;
  const child = spawn(process.execPath, [heap, slice, String(first), String(end)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let begun = first;
  let isDone = false;
  let watch: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(watch);
    watch = setTimeout(() => child.kill('SIGKILL'), hangMs);
    const report = JSON.parse(line) as { begun: number } | SeedReport;
    isDone = !('begun' in report);
    if ('begun' in report) {
      begun = report.begun;
      continue;
    }
    for (const find of report.finds) process.stdout.write(`${report.seed}: ${find}\n`);
    totals.add(report);
    if ((begun + 1 - from) % reportEvery === 0) process.stdout.write(totals.progress());
  }
  clearTimeout(watch);
  if (isDone && begun === end - 1) return end;
  totals.addStop();
  process.stdout.write(`fuzz-${begun}: the process ended, or hung for ${hangMs / 1000} s\n`);
  return begun + 1;
}
