import { systemClock } from '@highwater/service';
import { point, noonMs, startFixture } from '../fixture.ts';
import { residentBytes } from '../resident-bytes.ts';

/**
 * Runs one statement next to others, and prints its result and how much memory this process and the
 * engines below it used. It is a separate process, so that a kill fails one test and does not end
 * all.
 */
await using server = await startFixture({ queryTimeLimitMs: 5_000 });
for (let group = 0; group < 10; group += 1) {
  const records = Array.from({ length: 100 }, (_, at) =>
    point(`${at}`, { Dimensions: [{ Name: 'host', Value: `h${group * 100 + at}` }] }),
  );
  await server.write(records.map((record) => ({ ...record, Time: String(noonMs) })));
}
// Starts the engine for functions written in JavaScript, so that it runs before the statement.
await server.query('SELECT to_base(10, 2)');
const before = residentBytes(process.pid);
let most = before;
const state = { isEnded: false, others: 0 };
const outcome = server
  .query(process.argv[2] ?? '')
  .then(
    (rows) => JSON.stringify(rows).slice(0, 200),
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'no error'),
  )
  .finally(() => {
    state.isEnded = true;
  });
const watching = (async () => {
  while (!state.isEnded) {
    most = Math.max(most, residentBytes(process.pid));
    await systemClock.sleep(5);
  }
})();
while (!state.isEnded) {
  await server.query('SELECT 1');
  state.others += 1;
  await systemClock.sleep(5);
}
await watching;
const { others } = state;
process.stdout.write(JSON.stringify({ outcome: await outcome, others, grown: most - before }));
