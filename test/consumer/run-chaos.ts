import { chaos, whatIsWrong } from './chaos.ts';

// Runs schedules of the fleet one after the other, for as long as one likes, without a test runner:
// `npm run sim -- --count 1000000 --from 2000`. Prints each seed that goes wrong, and how far it is.

const [count = 0, from = 0] = process.argv.slice(2).map(Number);
const reportEvery = 1_000;
// Errors are made by the thousand, and their stacks cost as much as the rest of them.
Error.stackTraceLimit = 0;

let wrongCount = 0;
for (let done = 1; done <= count; done++) {
  const seed = `fleet-${from + done - 1}`;
  const wrong = await whatIsWrong(await chaos(seed));
  if (wrong.length > 0) {
    wrongCount += 1;
    process.stdout.write(`${seed}: ${wrong.join('; ')}\n`);
  }
  if (done % reportEvery === 0 || done === count) {
    const { user, system } = process.cpuUsage();
    const cpuSeconds = Math.round((user + system) / 1e6);
    process.stdout.write(`${done} schedules, ${wrongCount} wrong, ${cpuSeconds} s of CPU\n`);
  }
}
process.exitCode = wrongCount > 0 ? 1 : 0;
