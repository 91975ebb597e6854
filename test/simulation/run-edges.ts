import { whatIsWrong } from './edges.ts';

// Runs schedules of unusual producers one after another, for as long as you like, without a test
// runner: `npm run sim -- --edges --count 20000 --from 60`. Prints each failing seed, and the
// progress.

const [count = 0, from = 0] = process.argv.slice(2).map(Number);
const reportEvery = 500;
// Errors are made by the thousand, and their stacks cost as much as the rest of them.
Error.stackTraceLimit = 0;

let wrongCount = 0;
for (let done = 1; done <= count; done++) {
  const seed = `edges-${from + done - 1}`;
  const wrong = await whatIsWrong(seed);
  if (wrong.length > 0) {
    wrongCount += 1;
    process.stdout.write(`${seed}: ${wrong.slice(0, 5).join('; ')}\n`);
  }
  if (done % reportEvery === 0 || done === count) {
    const { user, system } = process.cpuUsage();
    const cpuSeconds = Math.round((user + system) / 1e6);
    process.stdout.write(`${done} schedules, ${wrongCount} wrong, ${cpuSeconds} s of CPU\n`);
  }
}
process.exitCode = wrongCount > 0 ? 1 : 0;
